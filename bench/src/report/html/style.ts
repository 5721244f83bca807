import { Markup } from './markup.ts';
import { propertiesOf, schemes } from './theme.ts';

const screen = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
main{max-width:892px;margin:0 auto;padding:20px 16px 96px}
h1{font-size:clamp(26px,4.5vw,38px);line-height:1.15;margin:4px 0 12px;letter-spacing:-.015em;text-wrap:balance}
h2{font-size:25px;line-height:1.2;margin:0 0 16px;letter-spacing:-.01em}
h3{font-size:17px;line-height:1.3;margin:0 0 12px}
p,ul{margin:0 0 16px;max-width:68ch}
a{color:var(--accent)}
code,pre{font:14px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{background:var(--surface);padding:14px 16px;border-radius:8px;overflow-x:auto}
code{overflow-wrap:anywhere}
q{quotes:"“" "”"}
section{padding-top:64px;scroll-margin-top:0}
.kicker{color:var(--accent);font-weight:600;font-size:14px;margin:0}
.machine{color:var(--muted);font-size:15px}
.banner{margin:12px 0;padding:10px 14px;border-left:4px solid var(--accent);background:var(--surface);border-radius:0 6px 6px 0;font-size:15px;max-width:none}
.banner strong{color:var(--accent);letter-spacing:.04em;margin-right:6px}
.banner.warns{border-color:var(--warning)}
.banner.warns strong{color:var(--warning)}
.banner ul{margin:4px 0 0;padding-left:20px}
.headline{font-size:clamp(19px,2.6vw,24px);line-height:1.4;max-width:none;text-wrap:pretty}
.headline b{color:var(--accent)}
.tiles{list-style:none;margin:28px 0;padding:0;max-width:none;display:grid;grid-template-columns:repeat(auto-fill,minmax(250px,1fr));gap:14px}
.tiles li{background:var(--surface);border-radius:10px;padding:16px 18px}
.tiles b{display:block;font-size:28px;line-height:1.2;letter-spacing:-.02em;margin-bottom:6px}
.tiles span{display:block;font-size:14.5px;line-height:1.45;color:var(--muted)}
.picture{list-style:none;padding:0;max-width:none;display:grid;gap:14px}
.picture p{margin:0 0 4px;font-size:14px;color:var(--muted);max-width:none}
.picture b{color:var(--ink);margin-right:4px}
.bar{display:grid;grid-template-columns:84px minmax(60px,1fr) 236px;gap:10px;align-items:center;font-size:14px;line-height:1.5}
.track{position:relative;height:14px;background:var(--surface);border-radius:3px;overflow:hidden;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.track i{position:absolute;inset:0 auto 0 0}
.unfit{color:var(--muted)}
[href^="#t-"]{color:inherit;text-decoration:underline dotted var(--muted) 1px;text-underline-offset:2px}
dt{font-weight:600}
dd{margin:0 0 10px;max-width:68ch}
.tiles details{font-size:13.5px;line-height:1.45;margin-top:4px}
.sentences{padding-left:20px}
.sentences li{margin-bottom:6px}
figure{margin:40px 0 0;padding:0}
.chart svg{display:block;width:100%;height:auto;overflow:visible}
.chart text{font-size:12px;dominant-baseline:central;font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
.chart :is(path,polyline):not([fill]){fill:none}
.chart .halo{stroke:var(--page);stroke-width:3px;paint-order:stroke;stroke-linejoin:round}
.narrow{display:none}
figcaption{color:var(--muted);font-size:14.5px;line-height:1.5;margin-top:12px;max-width:76ch}
.legend{list-style:none;padding:0;margin:12px 0 0;display:flex;flex-wrap:wrap;gap:4px 18px;font-size:13.5px;max-width:none}
.legend.narrow{display:none}
.swatch{display:inline-block;width:13px;height:13px;border-radius:3px;margin-right:6px;vertical-align:-1.5px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
details{margin:12px 0 0}
summary{cursor:pointer;color:var(--accent);font-size:14.5px;padding:4px 0;width:fit-content}
details>ul{font-size:14.5px}
.scrolls{overflow-x:auto;margin:12px 0 20px}
table{border-collapse:collapse;font-size:14px;line-height:1.4}
caption{text-align:left;font-weight:600;padding:0 0 6px}
th,td{padding:5px 14px 5px 0;vertical-align:top;text-align:left;border-bottom:1px solid var(--grid)}
thead th{color:var(--muted);font-weight:500;border-bottom-color:var(--rule)}
tbody th{font-weight:500}
.figures td,.figures thead th:not(:first-child){text-align:right;padding:5px 0 5px 20px}
.figures td,.figures tbody th{white-space:nowrap}
.words td{min-width:12ch}
.words td{overflow-wrap:anywhere}
.words th{min-width:13ch}
.note{color:var(--muted);font-size:14px}
nav{max-width:892px;margin:0 auto;padding:14px 16px 0;font-size:14.5px}
nav details{margin:0}
nav ol{list-style:none;margin:0;padding:0;columns:2 220px;column-gap:24px}
nav li{padding:2px 0;break-inside:avoid}
nav a{text-decoration:none}
nav a:hover{text-decoration:underline}
a:focus-visible,summary:focus-visible,.scrolls:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
@media (min-width:1200px){
body{display:grid;grid-template-columns:248px minmax(0,892px);justify-content:center;column-gap:40px}
nav{position:sticky;top:0;align-self:start;max-height:100vh;overflow-y:auto;padding:40px 0 24px;margin:0;width:100%}
nav ol{columns:auto}
nav details::details-content{content-visibility:visible;display:block;block-size:auto}
nav summary{color:var(--muted);list-style:none}
nav li{padding:4px 0}
main{margin:0;width:100%;padding-top:36px}
}
@media screen and (max-width:699px){
.wide{display:none}
.narrow{display:block}
.legend.narrow{display:flex}
section{padding-top:52px}
h2{font-size:22px}
.tiles{grid-template-columns:1fr;gap:10px}
.bar{grid-template-columns:84px 1fr;gap:2px 8px;margin-bottom:4px}
.bar>:last-child{grid-column:2}
.words:has(th:nth-child(3)){min-width:600px}
}`;

// On paper the wide charts stand, in the colours of the day, and what is folded is opened.
const paper = `
@media print{
@page{margin:14mm}
html{font-size:11pt}
body{display:block;font-size:10.5pt;background:none}
main,nav{max-width:none;padding:0}
nav,summary{display:none}
section{padding-top:26px}
h2,h3{break-after:avoid}
figure>h3,.chart,.legend,figcaption{break-inside:avoid}
.chart{break-after:avoid}
.legend{break-after:avoid}
tr,.tiles li,.figures{break-inside:avoid}
caption{break-after:avoid}
p{break-inside:avoid}
.scrolls{overflow:visible}
table{font-size:8pt}
.figures td,.figures thead th:not(:first-child){padding-left:10px}
.figures tbody th,.figures:has(th:nth-child(3)) td{white-space:normal}
section>h2+p{break-after:avoid}
.tiles{grid-template-columns:1fr 1fr}
.tiles li,.banner,pre{border:1px solid var(--grid)}
details::details-content{content-visibility:visible;display:block;block-size:auto}
details.long{display:none}
svg,.chart{print-color-adjust:exact;-webkit-print-color-adjust:exact}
a{color:inherit}
}`;

/** The page's style: by day and by night as the reader's system has it, on paper always by day. */
export const style = new Markup(
  `:root{color-scheme:light dark;${propertiesOf(schemes.light)}}
@media screen and (prefers-color-scheme:dark){:root{${propertiesOf(schemes.dark)}}}${screen}${paper}`,
);
