import { Markup } from './markup';

/** Calm in light, dark and print; one column on a phone. */
export const STYLE = Markup.ours(`
:root {
  color-scheme: light dark;
  --page: #f4f5f7; --card: #ffffff; --ink: #1b2430; --soft: #566270; --line: #dfe3e8; --fill: #eef1f4;
  --PASSED: #187a48; --FAILED: #b4261c; --INCONCLUSIVE: #8a5a00;
  --tint-PASSED: #eaf6ef; --tint-FAILED: #fcedeb; --tint-INCONCLUSIVE: #fbf3e2;
  --bar: #4b74b8; --bar2: #7a9bd0; --bar3: #a9c0e6; --over: #b4261c;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #11161c; --card: #1a2129; --ink: #e6ebf0; --soft: #9fabb8; --line: #2e3843; --fill: #232c36;
    --PASSED: #5ecb93; --FAILED: #ff8f85; --INCONCLUSIVE: #f0bd57;
    --tint-PASSED: #17291f; --tint-FAILED: #331d1b; --tint-INCONCLUSIVE: #2f2614;
    --bar: #6f9be0; --bar2: #5379b5; --bar3: #3d5a88; --over: #ff8f85;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; padding: 1.5rem 1rem 3rem; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
  overflow-wrap: anywhere;
}
main { max-width: 62rem; margin: 0 auto; display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
section, header { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.1rem 1.4rem; }
h1, h2, p, ul, ol, dl, dd, figure { margin: 0; }
h2 { font-size: 1.05rem; margin-bottom: .6rem; }
ul, ol { padding-left: 1.15rem; } li + li { margin-top: .3rem; }
.soft { color: var(--soft); } .small { font-size: .875rem; } .gap { margin-top: .6rem; }
code, pre, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: .875em; }
code, td, dd, dt, li, p, bdi { unicode-bidi: isolate; }
pre { margin: .4rem 0 0; padding: .5rem .7rem; background: var(--fill); border-radius: .4rem; white-space: pre-wrap; }
.banner { max-width: 62rem; margin: 0 auto 1rem; padding: .6rem 1.4rem; border: 2px dashed var(--INCONCLUSIVE); border-radius: .75rem; background: var(--tint-INCONCLUSIVE); font-weight: 600; }
.watermark { position: fixed; inset: 0; width: 100%; height: 100%; pointer-events: none; z-index: 9; opacity: .11; }
.watermark text { fill: var(--ink); font: 700 26px system-ui, "Liberation Sans", sans-serif; }

header.verdict { padding: 1.4rem; border-left-width: .5rem; }
.PASSED { --tone: var(--PASSED); --tint: var(--tint-PASSED); }
.FAILED { --tone: var(--FAILED); --tint: var(--tint-FAILED); }
.INCONCLUSIVE { --tone: var(--INCONCLUSIVE); --tint: var(--tint-INCONCLUSIVE); }
header.verdict { background: var(--tint); border-color: var(--tone); }
.verdict h1 { display: flex; align-items: center; gap: .8rem; color: var(--tone); font-size: clamp(1.7rem, 6vw, 2.5rem); line-height: 1.1; letter-spacing: .02em; }
.verdict h1 svg { width: 1.15em; height: 1.15em; flex: none; }
.verdict .about { margin: .5rem 0 .9rem; }
.reasons { list-style: none; padding: 0; } .reasons > li:first-child { font-size: 1.1rem; font-weight: 600; }
.left { margin-top: .9rem; padding: .6rem .8rem; border: 1px solid var(--INCONCLUSIVE); border-radius: .4rem; background: var(--tint-INCONCLUSIVE); }

.figures { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; }
.figure { font-size: 2rem; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums; }
.picture { display: grid; grid-template-columns: minmax(0, max-content) minmax(5rem, 1fr) minmax(0, max-content); font-size: .875rem; margin-top: .9rem; font-variant-numeric: tabular-nums; }
.picture > * { padding: .2rem 0; } .picture dt { padding-right: .8rem; } .picture dd.value { padding-left: .8rem; text-align: right; }
.picture dd.plot { padding: 0; min-height: 1.7rem; display: flex; }
.picture svg { display: block; width: 100%; height: auto; min-height: 1.7rem; overflow: visible; }
.axis { stroke: var(--line); } .mark { stroke: var(--soft); stroke-dasharray: 4 3; } .dot { fill: var(--ink); }
.bar1 { fill: var(--bar); } .bar2 { fill: var(--bar2); } .bar3 { fill: var(--bar3); } .over { fill: var(--over); } .promise { fill: none; stroke: var(--soft); }

table { width: 100%; border-collapse: collapse; font-size: .925rem; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .8rem; }
th, td { padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow: clip; }
tr:last-child > td { border-bottom: 0; } td:last-child, th:last-child { padding-right: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.status { white-space: nowrap; font-weight: 600; color: var(--tone); }
.status svg { width: 1em; height: 1em; vertical-align: -.13em; margin-right: .35em; }
.checks td:nth-child(1) { width: 9rem; } .checks td:nth-child(2) { width: 24%; } .checks td:nth-child(3) { width: 28%; }
.files > div + div { margin-top: 1.2rem; padding-top: 1.2rem; border-top: 1px solid var(--line); }
.figure .of { font-size: .925rem; font-weight: 400; color: var(--soft); }
.problems { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; color: var(--FAILED); } .problems li + li { margin-top: 0; }
.skipped { --tone: var(--soft); }
summary { cursor: pointer; } details[open] > summary { margin-bottom: .5rem; }
dl.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1.2rem; } dl.facts dt { color: var(--soft); }

@media (max-width: 44rem) {
  body { padding: .75rem .6rem 2rem; font-size: 15px; }
  section, header, .banner { padding-left: 1rem; padding-right: 1rem; }
  .figures { grid-template-columns: minmax(0, 1fr); }
  .picture { grid-template-columns: minmax(0, 1fr) minmax(0, max-content); grid-auto-flow: row dense; }
  .picture dt { grid-column: 1; } .picture dd.value { grid-column: 2; }
  .picture dd.plot { grid-column: 1 / -1; min-height: 1.2rem; } .picture svg { min-height: 1.2rem; }
  .checks, .checks tbody, .checks tr, .checks td { display: block; } .checks thead { display: none; }
  .checks td { width: auto !important; border: 0; padding: .1rem 0; } .checks tr { padding: .6rem 0; border-bottom: 1px solid var(--line); }
  .checks tr:last-child { border-bottom: 0; } .checks td[data-name]::before { content: attr(data-name) " "; color: var(--soft); }
  dl.facts { grid-template-columns: minmax(0, 1fr); gap: 0; } dl.facts dd { margin-bottom: .4rem; }
}
@media print {
  @page { margin: 14mm; }
  :root { --page: #fff; }
  body { padding: 0; font-size: 11pt; } main { display: block; }
  section, header { break-inside: avoid-page; margin-bottom: 4mm; } section.long { break-inside: auto; } tr, li { break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`);
