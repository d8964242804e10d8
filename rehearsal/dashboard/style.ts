import { Markup } from '../../lambda/evidence/page/markup';

/** Calm, and near to what the console shows, so that a picture of it promises nothing else. */
export const DASHBOARD_STYLE = Markup.ours(`
:root { --page: #f4f5f7; --card: #ffffff; --ink: #1b2430; --soft: #566270; --line: #dfe3e8; --OK: #187a48; --ALARM: #b4261c; --INSUFFICIENT_DATA: #6b7785; }
* { box-sizing: border-box; }
body { margin: 0; padding: 18px 20px 24px; width: 1480px; background: var(--page); color: var(--ink); font: 13px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; }
header { display: flex; align-items: baseline; gap: 14px; margin-bottom: 12px; }
header h1 { font-size: 20px; margin: 0; } header p { margin: 0; color: var(--soft); }
main { position: relative; }
section { position: absolute; overflow: hidden; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 12px; }
h2 { font-size: 13px; margin: 0 0 6px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
section.text h1 { font-size: 18px; margin: 0 0 8px; } section.text ul { margin: 0; padding-left: 18px; } section.text li { margin-bottom: 6px; }
code { font: 12px ui-monospace, Menlo, Consolas, "Liberation Mono", monospace; background: #eef1f4; border-radius: 3px; padding: 1px 4px; } a { color: #1f5fbf; }
.figure { font-size: 30px; font-weight: 650; line-height: 1.15; margin: 0 0 4px; font-variant-numeric: tabular-nums; } .figure span { font-size: 12px; font-weight: 400; color: var(--soft); }
.sparkline polyline { fill: none; stroke: #1f77b4; stroke-width: 1.4; }
.graph { display: flex; gap: 8px; } .graph.below { flex-direction: column; gap: 4px; }
.chart { display: block; flex: none; } .grid { stroke: #e9ecef; } .tick { font-size: 10.5px; fill: var(--soft); } .limit { font-size: 10.5px; font-weight: 600; }
.legend { list-style: none; margin: 0; padding: 0; font-size: 11.5px; color: #36414d; } .legend li { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; line-height: 1.5; }
.legend.beside { flex: 1; min-width: 0; overflow: hidden; } .legend.below { display: flex; gap: 4px 14px; height: 18px; overflow: hidden; flex-wrap: wrap; padding-left: 34px; }
.legend i { display: inline-block; width: 9px; height: 9px; border-radius: 2px; margin-right: 6px; }
.alarms { list-style: none; margin: 0; padding: 0; display: grid; gap: 6px; } .alarms li { display: flex; gap: 10px; align-items: center; border: 1px solid var(--line); border-left: 4px solid var(--tone); border-radius: 5px; padding: 5px 9px; }
.alarms b { color: var(--tone); width: 104px; } .alarms span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.OK { --tone: var(--OK); } .ALARM { --tone: var(--ALARM); } .INSUFFICIENT_DATA { --tone: var(--INSUFFICIENT_DATA); }
table { border-collapse: collapse; width: 100%; font-size: 12px; } th { text-align: left; color: var(--soft); font-weight: 600; } th, td { padding: 4px 10px 4px 0; border-bottom: 1px solid #eceff2; white-space: nowrap; }
.nothing { color: var(--soft); text-align: center; margin-top: 40px; }
`);
