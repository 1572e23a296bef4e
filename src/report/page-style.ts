/** The style of the report page: one sheet, light and dark, nothing from elsewhere. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --back: #f6f7f9; --card: #ffffff; --text: #1b2430; --quiet: #5a6675; --line: #d9dee5; --frame: #e6eaef;
  --kept: #1f6fd6; --on-kept: #ffffff; --removed: #c9cfd8; --on-removed: #2b3440; --accent: #d9480f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #11151b; --card: #1a2029; --text: #e6ebf2; --quiet: #9aa7b8; --line: #303a48; --frame: #27303c;
    --kept: #4b93f0; --on-kept: #07111f; --removed: #414c5b; --on-removed: #e2e7ee; --accent: #ff9d5c;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 14px/1.45 system-ui, sans-serif; }
header, main, footer { max-width: 1500px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 20px; }
h1 { font-size: 20px; margin: 0 0 2px; overflow-wrap: anywhere; }
h2 { font-size: 15px; margin: 0 0 8px; }
h3 { font-size: 13px; margin: 14px 0 4px; color: var(--quiet); }
p { margin: 0 0 8px; }
.quiet { color: var(--quiet); }
.numbers { display: flex; flex-wrap: wrap; gap: 10px 36px; margin: 14px 0; }
.numbers div { display: flex; flex-direction: column; }
.numbers b { font-size: 26px; line-height: 1.15; font-variant-numeric: tabular-nums; }
.whole { height: 12px; border-radius: 6px; overflow: hidden; background: var(--removed); margin-bottom: 16px; }
.whole progress { display: block; width: 100%; height: 12px; appearance: none; border: 0; background: var(--removed); }
.whole progress::-webkit-progress-bar { background: var(--removed); }
.whole progress::-webkit-progress-value { background: var(--kept); }
.whole progress::-moz-progress-bar { background: var(--kept); }
.grid { display: grid; grid-template-columns: minmax(0, 2.1fr) minmax(280px, 1fr); gap: 16px; }
section, aside { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px; min-width: 0; }
section { margin-bottom: 16px; }
aside { margin-bottom: 16px; overflow: auto; max-height: 620px; }
canvas { display: block; width: 100%; height: 500px; border-radius: 6px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
#hover { min-height: 20px; margin: 6px 0 0; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
#way .link::before { content: '/ '; color: var(--quiet); }
#way .link:first-child::before { content: ''; }
.legend { float: right; color: var(--quiet); }
.legend i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin: 0 4px 0 12px; vertical-align: -1px; }
i.kept { background: var(--kept); } i.removed { background: var(--removed); }
.bar { display: block; height: 9px; background: var(--removed); border-radius: 3px; overflow: hidden; }
.bar .kept { display: block; height: 9px; background: var(--kept); }
.tools { display: flex; gap: 10px; align-items: center; flex-wrap: wrap; margin-bottom: 8px; }
input, select { font: inherit; color: inherit; background: var(--back); border: 1px solid var(--line); border-radius: 6px; padding: 5px 9px; }
input { flex: 1; min-width: 200px; }
#files { height: 340px; overflow: auto; border: 1px solid var(--line); border-radius: 6px; position: relative; }
#rows { position: relative; }
.row { position: absolute; left: 0; right: 0; top: 0; height: 26px; display: flex; gap: 10px; align-items: center; padding: 0 10px; cursor: pointer; }
.row:hover { background: var(--frame); }
.row[aria-selected='true'] { background: var(--frame); box-shadow: inset 3px 0 var(--accent); }
.row .path { flex: 1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.path, .selected-path, .command { font-family: ui-monospace, monospace; font-size: 12.5px; }
.selected-path { overflow-wrap: anywhere; }
.state { font-size: 11px; border-radius: 4px; padding: 1px 6px; }
.state.kept { background: var(--kept); color: var(--on-kept); }
.state.removed { background: var(--removed); color: var(--on-removed); }
.size { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 8px 0; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
.chain { margin: 0; padding-left: 20px; }
.chain li { margin-bottom: 6px; }
.reason { display: block; color: var(--quiet); }
.link { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: left; overflow-wrap: anywhere; text-decoration: underline dotted; text-underline-offset: 3px; }
.link.path { font-family: ui-monospace, monospace; font-size: 12.5px; }
.table { overflow: auto; max-height: 420px; }
table { border-collapse: collapse; width: 100%; }
th { position: sticky; top: 0; background: var(--card); text-align: left; font-weight: 600; color: var(--quiet); }
th, td { padding: 4px 10px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.bars { width: 28%; vertical-align: middle; }
td.command { max-width: 460px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
tr.gone td { color: var(--quiet); }
#notes { margin: 0; padding-left: 20px; overflow-wrap: anywhere; }
.violation b { color: var(--accent); }
kbd { font: 12px ui-monospace, monospace; border: 1px solid var(--line); border-radius: 4px; padding: 0 4px; }
@media (max-width: 900px) { .grid { grid-template-columns: 1fr; } canvas { height: 360px; } }
`;
