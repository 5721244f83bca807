// The page of bytes: shows recordings, and lights up what belongs together.
const data = JSON.parse(document.getElementById('data').textContent);
const { layers, lanes, absences, texts, recordings } = data;
const form = document.forms[0];
const wires = document.querySelector('.wires');
const aside = document.querySelector('aside');
/** Opening and closing a connection occur once; other operations more often. */
const callNames = { connection: 'once', first: 'the first', warm: 'a later one' };

/** Makes an element: its attributes, and what is in it. */
function make(name, attributes, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...inside);
  return element;
}

const distinct = (name) => [...new Set(recordings.map((recording) => recording[name]))];
const bytesWords = (bytes) => (bytes === 1 ? '1 byte' : `${bytes} bytes`);
const laneName = (lane) => lanes[lane] ?? lane;
const inkOf = ({ ink }) => `background:var(--part-${ink});color:var(--on-${ink})`;

/** Gives a choice its options, and chooses one of them if it is there. */
function fill(select, names, chosen, wordsOf = (name) => name) {
  const options = names.map((name) => make('option', { value: name }, wordsOf(name)));
  select.replaceChildren(...options);
  if (names.includes(chosen)) select.value = chosen;
}

/** The parts and runs of a flight, each with where its bytes begin and end. */
function linesOf({ lines, bytes }) {
  const open = [];
  let at = 0;
  return lines.map(([depth, text, ...rest]) => {
    open.length = Math.min(open.length, depth);
    const line = { depth, text: texts[text], start: at, end: at, above: [...open] };
    if (rest.length === 1) {
      line.clause = texts[rest[0]];
      open[depth] = line;
    } else {
      at += rest[1];
      line.layer = layers[rest[0]];
      line.bytes = bytes.slice(line.start * 2, at * 2).replace(/..(?=.)/g, '$& ');
      for (const one of [...line.above, line]) one.end = at;
    }
    return line;
  });
}

/** One tab stop for a list: arrow keys, Home and End go through it. */
function walkable(list, items) {
  for (const [at, item] of items.entries()) item.tabIndex = at === 0 ? 0 : -1;
  list.addEventListener('keydown', (event) => {
    const at = items.indexOf(document.activeElement);
    const steps = {
      ArrowRight: 1,
      ArrowDown: 1,
      ArrowLeft: -1,
      ArrowUp: -1,
      Home: -at,
      End: items.length - 1 - at,
    };
    const next = items[at + steps[event.key]];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    next.focus();
  });
  list.addEventListener('focusin', ({ target }) => {
    if (!items.includes(target)) return;
    for (const item of items) item.tabIndex = item === target ? 0 : -1;
  });
}

/** A flight: its arrow, its bytes, and below them what they mean. */
function showFlight(flight) {
  const way = flight.direction === 'sent' ? 'client to server' : 'server to client';
  const lines = linesOf(flight);
  const runs = lines.filter(({ layer }) => layer);
  for (const line of runs) line.run = makeRun(line);
  for (const line of lines) line.item = makeItem(line);
  for (const line of lines) {
    for (const element of [line.run, line.item].filter(Boolean)) {
      element.addEventListener('click', () => element.focus());
      element.addEventListener('focus', () => select(line, lines, element));
    }
  }
  const hex = make('div', { role: 'listbox', 'aria-label': `Bytes from ${way}` });
  // Lines may break between runs.
  for (const { run } of runs) hex.append(run, '\u200b');
  const items = lines.map(({ item }) => item);
  const tree = make('ul', { class: 'tree', role: 'tree', 'aria-label': 'Their meaning' }, ...items);
  walkable(
    hex,
    runs.map(({ run }) => run),
  );
  walkable(tree, items);
  return make('div', { class: 'flight' }, makeArrow(flight, way), hex, tree);
}

function makeArrow({ direction, bytes }, way) {
  const head = make(
    'span',
    { class: 'head', 'aria-hidden': 'true' },
    direction === 'sent' ? '▶' : '◀',
  );
  const words = make('span', {}, `${way}, ${bytesWords(bytes.length / 2)}`);
  return make('div', { class: `arrow ${direction}` }, words, head);
}

/** Some bytes in the colour of their layer. */
function makeRun({ layer, text, bytes }) {
  const attributes = {
    class: 'run',
    role: 'option',
    'aria-selected': 'false',
    'aria-label': `${text}; ${layer.name}; ${bytes}`,
    'data-layer': layer.letter,
    style: inkOf(layer),
  };
  return make('span', attributes, make('b', {}, layer.letter), bytes);
}

/** A line of the tree: a part, or what some bytes mean. */
function makeItem({ depth, layer, text }) {
  const attributes = {
    class: layer ? 'leaf' : 'part',
    role: 'treeitem',
    'aria-level': depth + 1,
    'aria-selected': 'false',
    style: `--depth:${depth}`,
  };
  if (!layer) return make('li', attributes, text);
  const swatch = make('span', { class: 'swatch', style: inkOf(layer) }, layer.letter);
  return make('li', { ...attributes, 'data-layer': layer.letter }, swatch, text);
}

/** Lights up a line, the bytes in it and what it is in, and says what it is. */
function select(line, lines, from) {
  for (const lit of document.querySelectorAll('.lit')) {
    lit.classList.remove('lit');
    lit.setAttribute('aria-selected', 'false');
  }
  const related = lines.filter(
    ({ run, start, end }) => run && start >= line.start && end <= line.end,
  );
  const lit = [line.item, ...line.above.map(({ item }) => item), ...related.map(({ run }) => run)];
  for (const element of lit) {
    element.classList.add('lit');
    element.setAttribute('aria-selected', 'true');
  }
  for (const other of [line.item, related[0]?.run]) {
    if (other && other !== from) other.scrollIntoView({ block: 'nearest' });
  }
  const last = line.start === line.end - 1 ? '' : ` to ${line.end - 1}`;
  const clause = [line, ...line.above.toReversed()].find((one) => one.clause)?.clause;
  const path = [...line.above, line].map(({ text }) => text).join(' › ');
  aside.replaceChildren(
    make('p', {}, make('strong', {}, line.text), line.layer ? ` – ${line.layer.about}` : ''),
    make(
      'p',
      { class: 'where' },
      `${bytesWords(line.end - line.start)}, at ${line.start}${last}. ${path}`,
    ),
    make('p', { class: 'where' }, ...(clause ? ['Defined in ', cited(clause)] : [])),
  );
}

/** A clause, with a link where it is one of an RFC. */
function cited(clause) {
  const [, rfc, section] = /^RFC (\d+), (.+)$/.exec(clause) ?? [];
  if (rfc)
    return make(
      'a',
      { href: `https://www.rfc-editor.org/rfc/rfc${rfc}#section-${section}` },
      clause,
    );
  return clause.replace(/^P-/, 'docs/PROTOCOL.md, clause ');
}

/** Returns the reason for which a lane never has an operation, if there is one. */
function reasonWithout(lane, operation) {
  const has = recordings.some((one) => one.lane === lane && one.operation === operation);
  return has ? '' : (absences[lane] ?? '');
}

/** A recording: sums by layer, then its flights between client and server. */
function showWire(recording, lane, operation) {
  const wire = make('section', { class: 'wire', 'aria-label': laneName(lane) });
  if (!recording) {
    wire.append(
      make('h2', {}, laneName(lane)),
      make(
        'p',
        { class: 'empty' },
        `This operation is not on this wire. ${reasonWithout(lane, operation)}`,
      ),
    );
    return wire;
  }
  const sums = new Map();
  for (const { lines } of recording.flights) {
    for (const [, , layer, length] of lines) {
      if (length) sums.set(layer, (sums.get(layer) ?? 0) + length);
    }
  }
  const present = [...sums].sort(([a], [b]) => a - b).map(([at, bytes]) => [layers[at], bytes]);
  const total = present.reduce((sum, [, bytes]) => sum + bytes, 0);
  const bar = present.map(([layer, bytes]) =>
    make('i', { style: `${inkOf(layer)};flex:${bytes}` }),
  );
  const flights = recording.flights.map(showFlight);
  wire.append(
    make('h2', {}, `${laneName(lane)}: ${bytesWords(total)}`),
    make('div', { class: 'sum', 'aria-hidden': 'true' }, ...bar),
    make('ul', { class: 'legend' }, ...present.map(makeLegend)),
    make('div', { class: 'ends' }, make('span', {}, 'client'), make('span', {}, 'server')),
    make(
      'div',
      { class: 'lifelines' },
      ...(flights.length ? flights : [make('p', { class: 'empty' }, 'Nothing crosses.')]),
    ),
  );
  return wire;
}

/** A layer and its bytes; pressed, it dims all others. */
function makeLegend([layer, bytes]) {
  const attributes = {
    type: 'button',
    title: layer.about,
    'aria-pressed': 'false',
    'data-layer-button': layer.letter,
  };
  const swatch = make('span', { class: 'letter', style: inkOf(layer) }, layer.letter);
  const button = make('button', attributes, swatch, `${layer.name} ${bytes}`);
  button.addEventListener('click', () =>
    showOnly(button.ariaPressed === 'true' ? [] : [layer.letter]),
  );
  return make('li', {}, button);
}

/** Shows some layers and dims the others; all of them when none are named. */
function showOnly(letters) {
  for (const one of document.querySelectorAll('[data-layer]')) {
    one.classList.toggle('dim', letters.length > 0 && !letters.includes(one.dataset.layer));
  }
  for (const button of document.querySelectorAll('[data-layer-button]')) {
    button.ariaPressed = String(letters.includes(button.dataset.layerButton));
  }
}

/** Shows what the form has chosen. */
function show() {
  const { operation, call, left, right, tls } = form.elements;
  const calls = [
    ...new Set(
      recordings.filter((one) => one.operation === operation.value).map((one) => one.call),
    ),
  ];
  fill(call, calls, call.value, (name) => callNames[name]);
  const found = (lane) =>
    recordings.find(
      (one) =>
        one.lane === lane &&
        one.operation === operation.value &&
        one.call === call.value &&
        one.tls === tls.checked,
    );
  wires.replaceChildren(
    ...[left.value, right.value].map((lane) => showWire(found(lane), lane, operation.value)),
  );
}

/** Chooses a later send: over sockets on the left, on a lane on the right. */
function choose(lane) {
  form.reset();
  fill(form.elements.operation, distinct('operation'), 'send');
  fill(form.elements.call, ['warm'], 'warm');
  fill(form.elements.left, distinct('lane'), 'sockets-framed', laneName);
  fill(form.elements.right, distinct('lane'), lane, laneName);
}

choose('grpc-unary');
form.elements.tls.disabled = !recordings.some(({ tls }) => tls);
form.addEventListener('change', show);
form.addEventListener('submit', (event) => event.preventDefault());
for (const button of document.querySelectorAll('[data-show]')) {
  button.addEventListener('click', () => {
    choose(button.dataset.lane);
    show();
    showOnly(button.dataset.show.split(' ').filter(Boolean));
    wires.scrollIntoView();
  });
}
show();
