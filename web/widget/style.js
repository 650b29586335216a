// The panel's look: one type scale (13, 15, 17, 21 px), one accent, and room. Pixels throughout: a page's root font is not ours.

export const sheet = new CSSStyleSheet()

sheet.replaceSync(`
.desk {
  --raised: light-dark(#f4f6f6, #182226);
  --soft: light-dark(#4e5b5b, #a7b4b6);
  --line: light-dark(#d5dcdc, #2d3a3f);
  --edge: light-dark(#7c8a8a, #7b8b90);
  --wrong: light-dark(#9c1c1c, #f2a3a3);
  --radius: var(--inquiry-desk-radius, 4px);
  --serif: var(--inquiry-desk-serif, "Iowan Old Style", "Palatino Linotype", Palatino, "Source Serif 4", "Noto Serif", Georgia, "Times New Roman", serif);
}
.desk:lang(ru), .desk :lang(ru) { --serif: var(--inquiry-desk-serif, "PT Serif", "Palatino Linotype", "Noto Serif", Georgia, "Times New Roman", serif); }
.desk:lang(zh), .desk :lang(zh) { --serif: var(--inquiry-desk-serif, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif); }
.desk :lang(en), .desk :lang(de) { --serif: var(--inquiry-desk-serif, "Iowan Old Style", "Palatino Linotype", Palatino, "Source Serif 4", "Noto Serif", Georgia, "Times New Roman", serif); }

.panel, .panel *, .panel *::before, .panel *::after { box-sizing: border-box; }
.panel :is(h2, h3, p, ul, dl, dd, dt, blockquote, form, fieldset) { margin: 0; padding: 0; border: 0; }
.panel ul { list-style: none; }
.panel :is(button, input, select, textarea) { margin: 0; font: inherit; color: inherit; letter-spacing: inherit; }
[hidden] { display: none !important; }

.panel {
  position: fixed;
  inset: auto 20px 20px auto;
  z-index: 2147483647;
  width: min(var(--inquiry-desk-width, 432px), 100vw - 40px);
  height: min(var(--inquiry-desk-height, 720px), 100vh - 40px);
  height: min(var(--inquiry-desk-height, 720px), 100dvh - 40px);
  max-width: none;
  max-height: none;
  margin: 0;
  padding: 0;
  border: 1px solid var(--line);
  border-radius: calc(var(--radius) * 2);
  background: var(--ground);
  color: var(--ink);
  box-shadow: var(--shadow);
  overflow: hidden;
  overflow-wrap: anywhere;
  flex-direction: column;
  font-size: 15px;
  line-height: 1.5;
  text-align: left;
}
.left .panel { inset-inline: 20px auto; }
.panel:is([open], :popover-open) { display: flex; }
.panel.inline { position: relative; inset: auto; z-index: auto; display: flex; width: 100%; height: var(--inquiry-desk-height, 720px); box-shadow: none; }
.panel::backdrop { background: none; }
@media (max-width: 519px), (max-height: 519px) {
  .panel:not(.inline) { inset: 0; width: 100%; height: 100%; border: 0; border-radius: 0; }
}

.panel :focus { outline: none; }
.panel :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
.panel a, .link { color: var(--accent); text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 3px; display: inline-block; padding-block: 3px; }
.panel a:hover, .link:hover { text-decoration-thickness: 2px; }
.unseen { position: absolute !important; width: 1px !important; height: 1px !important; overflow: hidden; clip-path: inset(50%); white-space: nowrap; border: 0; opacity: 0; }
.soft { color: var(--soft); font-size: 13px; }
.label { color: var(--soft); font-size: 13px; font-weight: 600; }
.strong { font-weight: 600; }
.problem { color: var(--wrong); font-weight: 600; }
.problem:empty { display: none; }

header { display: flex; align-items: center; gap: 4px; padding: 12px 10px 12px 20px; border-bottom: 1px solid var(--line); flex: none; }
h2 { flex: 1; min-width: 0; font-size: 13px; font-weight: 400; line-height: 1.4; }
.firm { display: block; font: 600 17px/1.3 var(--serif); }
.product { display: block; color: var(--soft); }
.panel button { min-width: 24px; cursor: pointer; }
.icon-button, .thumb { display: grid; place-items: center; width: 36px; height: 36px; flex: none; padding: 0; border: 0; border-radius: var(--radius); background: none; }
.panel :is(.icon-button, .thumb) { color: var(--soft); }
.icon-button:hover, .thumb:hover { background: var(--raised); }
.icon { fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
.icon.more { stroke-width: 3; }
.icon-button[aria-expanded="true"] { background: var(--raised); }
.back { margin-left: -12px; }

.menu { flex: none; padding: 6px 20px; border-bottom: 1px solid var(--line); background: var(--raised); }
.menu, .menu inquiry-desk-takeaway { display: flex; flex-wrap: wrap; column-gap: 18px; align-items: center; }
.menu .plain, .panel .link { padding: 6px 0; border: 0; background: none; text-align: left; }
.panel :is(.menu .plain, .link) { color: var(--accent); }
.menu .plain:hover { text-decoration: underline; text-underline-offset: 3px; }

inquiry-desk-transcript { display: flex; flex: 1; min-height: 0; position: relative; }
.log { position: relative; flex: 1; min-width: 0; overflow-y: auto; overscroll-behavior: contain; padding: 24px 20px 20px; scrollbar-width: thin; scrollbar-color: var(--line) transparent; }
.log:focus-visible { outline-offset: -3px; }
inquiry-desk-welcome, inquiry-desk-answer, inquiry-desk-quote, inquiry-desk-card, inquiry-desk-feedback, inquiry-desk-composer { display: block; }
.greeting { font: 500 21px/1.25 var(--serif); text-wrap: balance; }
.lead { margin-top: 8px !important; color: var(--soft); }
.choices { margin-top: 22px; }
.choices ul { margin-top: 6px; border-top: 1px solid var(--line); }
.choices li { border-bottom: 1px solid var(--line); }
.choice { width: 100%; padding: 10px 0; border: 0; background: none; text-align: left; line-height: 1.4; }
.panel .choice { color: var(--accent); }
.choice:hover { text-decoration: underline; text-underline-offset: 3px; }
.person { margin-top: 24px !important; }
.person + inquiry-desk-card { margin-top: 8px; }
.note { margin-top: 14px !important; }

inquiry-desk-answer { margin-top: 32px; padding-top: 24px; border-top: 1px solid var(--line); }
inquiry-desk-answer:last-child { min-height: calc(100% + 26px); }
inquiry-desk-answer h3 { margin-top: 2px; font: 500 17px/1.4 var(--serif); white-space: pre-line; }
.reply { margin-top: 16px; }
.waiting { color: var(--soft); }
.waiting::after { content: ""; display: block; width: 48px; height: 2px; margin-top: 10px; background: var(--accent); }
@media (prefers-reduced-motion: no-preference) {
  .waiting::after { animation: going 1.2s ease-in-out infinite alternate; transform-origin: left; }
  @keyframes going { from { transform: scaleX(0.3); opacity: 0.5; } }
}

inquiry-desk-quote { margin-top: 18px; padding: 16px 0 0 30px; position: relative; border-top: 1px solid var(--line); }
.number { position: absolute; left: 0; top: 15px; font: 500 17px/1.5 var(--serif); color: var(--accent); }
blockquote { font: 400 17px/1.55 var(--serif); white-space: pre-line; text-wrap: pretty; }
.title { margin-top: 12px !important; font-weight: 600; line-height: 1.4; }
.facts { display: flex; flex-wrap: wrap; gap: 4px 20px; margin-top: 8px !important; font-size: 13px; }
.facts > div { display: flex; flex-wrap: wrap; gap: 0 6px; align-items: baseline; }
.facts dt { color: var(--soft); }
.facts dd { font-weight: 500; font-variant-numeric: tabular-nums; }
.badges { display: flex; flex-wrap: wrap; gap: 4px; }
.badges abbr { display: block; min-width: 30px; padding: 0 6px; border: 1px solid var(--edge); border-radius: 3px; text-align: center; text-decoration: none; }
.onward { display: flex; flex-wrap: wrap; gap: 2px 18px; margin-top: 8px !important; }
.onward a[target]::after, .note a::after { content: " \\2197"; }

inquiry-desk-card { margin-top: 22px; padding: 14px 16px 16px; border-top: 3px solid var(--accent); background: var(--raised); display: grid; grid-template-columns: 1fr auto; column-gap: 14px; align-items: start; }
inquiry-desk-card > * { grid-column: 1; }
.name { font: 500 17px/1.35 var(--serif); }
.mail { overflow-wrap: anywhere; }
inquiry-desk-card .facts { flex-direction: column; gap: 6px; grid-column: 1 / -1; }
.state { font-weight: 600; }
inquiry-desk-card .ways { grid-area: 1 / 2 / span 2; margin: 0; align-self: center; }
.ways { margin-top: 18px !important; }
.button { display: inline-block; padding: 8px 16px; border: 1px solid var(--accent); border-radius: var(--radius); background: var(--accent); font-weight: 600; line-height: 1.4; text-align: center; }
.panel .button { color: var(--on-accent); }
.button.second { background: none; }
.panel .button.second { color: var(--accent); }
.button:hover { text-decoration: underline; text-underline-offset: 3px; }
.button[aria-disabled="true"] { opacity: 0.55; cursor: default; text-decoration: none; }
@media (max-width: 359px) {
  inquiry-desk-card { display: block; }
  inquiry-desk-card .ways { margin-top: 10px !important; }
}

inquiry-desk-feedback { margin-top: 14px; }
.thumbs { display: flex; align-items: center; gap: 2px; }
.thumbs .soft { margin-right: 6px; }
.panel .thumb[aria-pressed="true"] { color: var(--on-accent); background: var(--accent); }
.reason { display: grid; gap: 8px; margin-top: 8px; justify-items: start; }

.panel :is(textarea, select, input:not([type="checkbox"], [type="radio"], .unseen)) {
  display: block;
  width: 100%;
  padding: 8px 12px;
  border: 1px solid var(--edge);
  border-radius: var(--radius);
  background: var(--ground);
  color: var(--ink);
  line-height: 1.5;
  font-size: 16px;
}
.panel textarea { resize: vertical; min-height: 44px; max-height: 40vh; field-sizing: content; }
.panel ::placeholder { color: var(--soft); opacity: 1; }
.panel :is(textarea, select, input):focus-visible { outline-offset: 0; }
.panel [aria-invalid] { border: 2px solid var(--wrong) !important; }

inquiry-desk-composer { flex: none; padding: 14px 20px 12px; border-top: 1px solid var(--line); }
inquiry-desk-composer .write { display: flex; gap: 10px; align-items: end; margin-bottom: 8px; }
inquiry-desk-composer textarea { flex: 1; min-height: 62px; max-height: 180px; }
.box { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 10px; align-items: start; margin-top: 12px; }
.box input { width: 24px; height: 24px; margin: 0 !important; accent-color: var(--accent); }
inquiry-desk-composer.begun .hint { display: none; }
inquiry-desk-composer .box { margin-top: 6px; font-size: 13px; color: var(--soft); align-items: center; }
@media (max-height: 419px) {
  .panel:not(.inline) { display: block; overflow-y: auto; }
  .panel:not(.inline, [open], :popover-open) { display: none; }
  .panel:not(.inline) :is(.log, inquiry-desk-transcript, .letter) { overflow: visible; }
}

inquiry-desk-letter { display: block; }
.letter { flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 24px 20px; scrollbar-width: thin; }
inquiry-desk-letter > .soft { margin-top: 6px; }
.panel :is(fieldset) { min-width: 0; margin-top: 28px; padding-top: 18px; border-top: 1px solid var(--edge); }
.panel legend { float: left; width: 100%; margin-bottom: 4px; padding: 0; font: 500 17px/1.35 var(--serif); }
.panel fieldset > :not(legend) { clear: both; }
.field { margin-top: 16px; }
.field label { display: block; margin-bottom: 5px; font-weight: 600; }
.optional { font-weight: 400; font-size: 13px; color: var(--soft); }
.field .soft { margin-top: 4px; }
.panel fieldset.pick { width: auto; padding: 0; border: 0; margin-top: 18px; color: inherit; }
.panel fieldset.pick:hover { text-decoration: none; }
.panel fieldset.pick legend { font: inherit; font-weight: 600; }
details { margin-top: 8px; padding-left: 30px; font-size: 13px; color: var(--soft); }
summary { padding-block: 3px; cursor: pointer; }
.panel details ul { padding-left: 16px; list-style: disc; }
.alarm { margin-top: 18px; padding: 14px 16px; border-top: 3px solid var(--wrong); background: var(--raised); }
.alarm li { display: grid; justify-items: start; margin-top: 8px; line-height: 1.4; }
.reference { margin-block: 20px !important; padding: 14px 16px !important; border-top: 3px solid var(--accent) !important; background: var(--raised); }
.reference dt { font-size: 13px; color: var(--soft); }
.reference dd { font-size: 21px; font-weight: 600; letter-spacing: 0.04em; font-variant-numeric: tabular-nums; }

@media (forced-colors: active) {
  .button, .thumb, .icon-button { border: 1px solid; }
  .thumb[aria-pressed="true"] { outline: 2px solid; }
}
@media print { .panel:not(.inline) { display: none !important; } }
`)
