import { Markup } from '../markup.ts';

/** The style of the page of bytes, besides that of the report. */
export const explorerStyle = new Markup(`
body.explorer{display:block}
.explorer main{max-width:1320px;margin:0 auto;padding-bottom:180px}
form{display:flex;flex-wrap:wrap;gap:10px 18px;margin:0 0 16px;font-size:14.5px}
label{display:flex;align-items:center;gap:6px}
select,.legend button,.walk button{font:inherit;color:var(--ink);background:var(--surface);border:1px solid var(--rule);border-radius:6px;padding:4px 8px}
.wires{scroll-margin-top:12px}
.help{margin:0 0 14px}
.help dl{margin:8px 0 0}
.walk ol{padding-left:22px;margin:8px 0 16px;max-width:84ch}
.walk li{margin-bottom:8px}
.walk button{padding:0 8px;font-size:13.5px;color:var(--accent);cursor:pointer}
.wires{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:28px}
.wire{padding-top:0}
.wire h2{font-size:20px;margin:8px 0}
.wire .legend button{display:flex;align-items:center;gap:6px;font-size:13.5px;padding:1px 8px;cursor:pointer}
.wire .legend button[aria-pressed=true]{border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
.letter{border-radius:3px;padding:0 4px}
.sum{height:18px;display:flex;border-radius:3px;overflow:hidden}
.ends{display:flex;justify-content:space-between;font-weight:600;font-size:14px;margin-top:14px}
.lifelines{border:solid var(--rule);border-width:0 2px;padding:4px 14px 12px}
.arrow{display:flex;align-items:center;gap:8px;margin:14px -14px 8px;font-size:14px;color:var(--muted)}
.arrow:before,.arrow:after{content:"";flex:1;border-top:2px solid var(--ink);order:1}
.arrow:before{order:0}
.arrow span{order:0}
.arrow .head{color:var(--ink);order:2;margin-left:-10px;line-height:1}
.arrow.received .head{order:-1;margin:0 -10px 0 0}
.run{font:13px/1.75 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;border:0;border-radius:3px;padding:1px 4px;margin:0 2px 2px 0;cursor:pointer;-webkit-box-decoration-break:clone;box-decoration-break:clone}
.run b{font-weight:700;margin-right:5px;opacity:.95}
.tree{list-style:none;margin:8px 0 0;padding:0;max-width:none;max-height:340px;overflow-y:auto;font-size:13.5px;line-height:1.5;border-top:1px solid var(--grid)}
.tree li{padding:1px 6px 1px calc(6px + var(--depth)*14px);border-radius:3px;cursor:pointer;overflow-wrap:anywhere}
.tree .part{font-weight:600}
.tree .swatch{width:17px;height:17px;border-radius:3px;font:700 12px/17px ui-monospace,Menlo,monospace;text-align:center;margin-right:6px}
.lit{outline:2px solid var(--accent);outline-offset:0}
.tree .lit{background:var(--surface);outline-offset:-2px}
.dim{opacity:.28}
:is(select,input,button,.run,.tree li):focus-visible{outline:3px solid var(--ink);outline-offset:1px}
aside{position:fixed;inset:auto 0 0 0;background:var(--page);border-top:2px solid var(--accent);padding:10px max(16px,calc((100vw - 1288px)/2));font-size:14.5px;max-height:40vh;overflow-y:auto}
aside p{margin:0 0 4px;max-width:none}
aside .where{color:var(--muted)}
aside code{font-size:13px}
.empty{color:var(--muted)}
@media screen and (max-width:699px){
.wires{grid-template-columns:minmax(0,1fr)}
form{gap:8px}
.tree{max-height:260px}
}
@media print{aside,form{display:none}.tree{max-height:none}}`);
