interface SessionProgram {
  readonly programs: RegExp;
  /** Whoever starts it; others only as the process itself, since a recipe that a script calls on the way is its author's. */
  readonly isAlways?: boolean;
  readonly source: string;
}

/** Programs that run what their users bring or type: recipes, cells, jobs. Which commands those call stands in no image. */
export const SESSION_PROGRAMS: readonly SessionProgram[] = [
  {
    programs: /^(?:g?make|ninja|cmake|scons|just|task|rake)$/,
    source: 'make(1) and the manuals of the others: recipes',
  },
  {
    programs: /^(?:jupyter|ipython)(?:-\w+|3)?$/,
    isAlways: true,
    source: 'IPython documentation, "System shell access"',
  },
  {
    programs: /^(?:gitlab-runner|act_runner|buildkite-agent|woodpecker-agent|jenkins-agent)$/,
    isAlways: true,
    source: 'their manuals: shell executor',
  },
];
