/** Programs that run what their users bring or type: recipes, cells, jobs. Which commands those call stands in no image. */
export const SESSION_PROGRAMS: readonly { readonly programs: RegExp; readonly source: string }[] = [
  {
    programs: /^(?:g?make|ninja|cmake|scons|just|task|rake)$/,
    source: 'make(1) and the manuals of the others: recipes',
  },
  { programs: /^jupyter(?:-\w+)?$/, source: 'IPython documentation, "System shell access"' },
  {
    programs: /^(?:gitlab-runner|act_runner|buildkite-agent|woodpecker-agent|jenkins-agent)$/,
    source: 'their manuals: shell executor',
  },
];
