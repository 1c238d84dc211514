// What the box tells, as the engineer reads it. Elements are kept and changed in place: a focus or a selection stays.
import { $, has, state, t } from './page.js';

const traces = new Map();
const WAVE_S = 6;

/** A new element with text in it. */
export function el(tag, name, ...inside) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...inside);
  return made;
}

/** Text that is only touched when it is another. */
export function put(at, text) {
  if (at.textContent !== text) at.textContent = text;
}

function dress(at, name) {
  if (at.className !== name) at.className = name;
}

/** The children of a place, one a key, made where they are missing, in this order. */
function children(place, keys, make) {
  const there = new Map([...place.children].map((each) => [each.dataset.k, each]));
  keys.forEach((key, i) => {
    let child = there.get(key);
    if (!child) {
      child = make(key);
      child.dataset.k = key;
    }
    there.delete(key);
    if (place.children[i] !== child) place.insertBefore(child, place.children[i] || null);
  });
  there.forEach((gone) => gone.remove());
  return [...place.children];
}

const number = (value, digits = 0) => new Intl.NumberFormat(state.lang === 'ar' ? 'ar-MA' : state.lang, { maximumFractionDigits: digits }).format(value);

function size(bytes) {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let i = 0;
  let value = bytes;
  while (value >= 1024 && i < 3) {
    value /= 1024;
    i++;
  }
  return `${number(value, i > 1 ? 1 : 0)} ${units[i]}`;
}

function span(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 90) return t('seconds', number(s));
  if (s < 5400) return t('minutes', number(Math.round(s / 60)));
  if (s < 172800) return t('hours', number(Math.round(s / 3600)));
  return t('days', number(Math.round(s / 86400)));
}

const clockTime = (ms) => {
  try {
    return new Intl.DateTimeFormat(state.lang === 'ar' ? 'ar-MA' : state.lang, { dateStyle: 'medium', timeStyle: 'medium', timeZone: state.view.zone }).format(ms);
  } catch {
    return new Date(ms).toISOString();
  }
};

export function draw(view) {
  tiles(view);
  devices(view);
  ports(view);
}

function tiles(view) {
  const { buffer, uplink, clock } = view;
  const linked = view.devices.filter((device) => sound(device.q)).length;
  const all = {
    uplink: [t('uplink'), uplink.connected ? t('connected') : t('away'), uplink.connected ? (has('uplink-' + uplink.state) ? t('uplink-' + uplink.state) : uplink.server || '') : uplink.error || t('uplink-kept'), !uplink.connected ? 'warn' : uplink.state === 'ok' ? '' : 'warn'],
    buffer: [t('buffer'), buffer.volatile ? t('in-memory') : buffer.waiting ? t('waiting', number(buffer.waiting)) : t('nothing-waits'), [buffer.oldest === undefined ? '' : t('oldest', span(buffer.oldest)), t('of', size(buffer.bytes), size(buffer.max)), buffer.hours === undefined ? '' : t('room', number(buffer.hours))].filter(Boolean).join(' · ') + (buffer.error ? ' · ' + buffer.error : ''), buffer.full || buffer.volatile ? 'bad' : buffer.error ? 'warn' : ''],
    clock: [t('clock'), t('clock-' + clock.s), [clockTime(view.t), clock.e === undefined ? '' : `± ${number(clock.e)} ms`].filter(Boolean).join(' · '), clock.s === 'unsync' ? 'warn' : ''],
    devices: [t('devices'), t('linked', number(linked), number(view.devices.length)), '', linked < view.devices.length ? 'warn' : ''],
  };
  if (view.words !== undefined) all.words = [t('words'), view.words || t('words-none'), t('words-text'), ''];
  children($('box'), Object.keys(all), () => el('div', 'tile', el('b'), el('strong'), el('span', 'quiet'))).forEach((tile) => {
    const [name, main, more, grade] = all[tile.dataset.k];
    dress(tile, 'tile ' + grade);
    put(tile.children[0], name);
    put(tile.children[1], main);
    put(tile.children[2], more);
  });
}

const sound = (q) => q === 'good' || q === 'idle' || q === 'waiting';
const grade = (q) => (sound(q) ? '' : q === 'disturbed' || q === 'starting' ? 'warn' : 'bad');

function devices(view) {
  const byId = new Map(view.devices.map((device) => [device.id, device]));
  $('none').hidden = byId.size > 0;
  children($('list'), [...byId.keys()], () => {
    const more = el('details', '', el('summary'), el('p', 'quiet'));
    return el('article', 'device', el('div', 'top', el('h3'), el('span', 'quiet'), el('span', 'badge')), el('p', 'quiet'), el('p', 'quality'), el('div', 'shown'), more);
  }).forEach((card) => device(card, byId.get(card.dataset.k), view));
}

function device(card, of, view) {
  const [top, what, quality, shown, more] = card.children;
  dress(card, 'device ' + grade(of.q));
  put(top.children[0], of.id);
  put(top.children[1], of.loc || '');
  put(top.children[2], t('state-' + of.s));
  dress(top.children[2], 'badge ' + grade(of.q));
  put(what, [kindOf(of.kind), [of.maker, of.model].filter(Boolean).join(' ')].filter(Boolean).join(' · '));
  qualityOf(quality, of.q);
  const parts = of.shown.filter((part, i) => i === 0 || part.obs.length || part.wav.length || part.alarms || part.pat);
  children(shown, parts.map((part) => part.dev), () => el('div', 'part', el('h4'), el('p', 'quiet'), el('div', 'values'), el('div', 'waves'), el('details', 'rest', el('summary'), el('div', 'values')), el('div', 'alarms'))).forEach((place, i) => part(place, parts[i], i > 0, view));
  put(more.children[0], t('figures'));
  put(more.children[1], [`${of.prof} (${t('trust-' + of.trust)})`, of.link + (of.line ? ` · ${of.line}` : ''), t('counts', number(of.bytes), number(of.frames), number(of.skipped)), of.since ? t('since', clockTime(of.since)) : ''].filter(Boolean).join(' · '));
}

/** What sort of device it is. */
export const kindOf = (kind) => {
  const key = 'kind-' + kind.replace(/ /g, '-');
  return has(key) ? t(key) : kind;
};

/** Cause and next step. */
export function qualityOf(place, q) {
  dress(place, 'quality ' + grade(q));
  put(place, [t(q + '.cause'), t(q + '.next')].filter(Boolean).join(' '));
}

function part(place, of, isNamed, view) {
  const [title, patient, values, waves, rest, alarms] = place.children;
  dress(place, isNamed ? 'part' : '');
  title.hidden = !isNamed;
  put(title, of.dev);
  put(patient, of.pat ? t('patient', of.pat.ref, t('how-' + of.pat.how)) : t('nobody'));
  const sorted = inOrder(of.obs);
  const keyed = new Map(sorted.map((each) => [keyOf(each), each]));
  const keys = [...keyed.keys()];
  const first = keys.length <= FIRST_MAX + 3 ? keys.length : FIRST_MAX;
  const box = () => el('div', 'value', el('div', 'name'), el('div', 'num', el('span'), el('span', 'unit')), el('div', 'flag'), el('div', 'age'));
  children(values, keys.slice(0, first), box).forEach((each) => value(each, keyed.get(each.dataset.k), view));
  rest.hidden = first === keys.length;
  put(rest.children[0], t('more-values', number(keys.length - first)));
  children(rest.children[1], rest.open ? keys.slice(first) : [], box).forEach((each) => value(each, keyed.get(each.dataset.k), view));
  children(waves, of.wav.map((wave) => wave.r), () => el('div', 'wave', el('span', 'quiet'), el('canvas'))).forEach((box, i) => wave(box, of.dev, of.wav[i]));
  alarmsOf(alarms, of.alarms);
}

/** Of a device with many values so many are shown at once; the others are one touch away. */
const FIRST_MAX = 12;

export const keyOf = (obs) => obs.r + '|' + (obs.n || '') + '|' + (obs.m || '');

/** Measured values whose name everybody knows first, then measured ones, then texts; else as the device sends them. */
export function inOrder(all) {
  const rank = (obs) => (obs.n && has('name-' + obs.n) ? 0 : obs.s !== undefined ? 3 : obs.u ? 1 : 2);
  return all.map((obs, i) => [rank(obs), i, obs]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((each) => each[2]);
}

/** A name that people know where there is one, and the device's own beside it. */
export function nameOf(obs) {
  const key = 'name-' + (obs.n || '');
  const known = obs.n && has(key) ? t(key) : obs.n || '';
  return known && known !== obs.r ? `${known} · ${obs.r}` : obs.r;
}

/** The value as it stands on the device's screen, or why there is none. */
export function textOf(obs) {
  if (obs.v !== undefined) return obs.v;
  if (obs.s !== undefined) return obs.s;
  return t('flag-' + (obs.q || 'na'));
}

export function reasonOf(obs) {
  const words = [];
  if (obs.q && (obs.v !== undefined || obs.s !== undefined)) words.push(t('flag-' + obs.q));
  if (obs.why) words.push(has('why-' + obs.why) ? t('why-' + obs.why) : obs.why);
  return words.join(' · ');
}

const UNITS = { 'mm[Hg]': 'mmHg', 'cm[H2O]': 'cmH₂O', Cel: '°C', '{beats}/min': '/min' };
export const unitOf = (obs) => (obs.v === undefined ? '' : UNITS[obs.u] || obs.u || '');

function value(box, obs, view) {
  const absent = obs.v === undefined && obs.s === undefined;
  dress(box, 'value' + (absent ? ' absent' : '') + (obs.s !== undefined ? ' text' : '') + (obs.v !== undefined && obs.v.length + unitOf(obs).length / 2 > 7 ? ' long' : ''));
  const [name, num, flag, age] = box.children;
  put(name, nameOf(obs));
  put(num.children[0], textOf(obs));
  put(num.children[1], unitOf(obs));
  put(flag, reasonOf(obs));
  put(age, view.t - obs.t > 60000 ? t('ago', span(view.t - obs.t)) : '');
}

function alarmsOf(place, alarms) {
  const text = JSON.stringify([state.lang, alarms || null]);
  if (place.dataset.told === text) return;
  place.dataset.told = text;
  place.replaceChildren();
  if (!alarms) {
    place.append(el('p', 'quiet', t('alarms-unknown')));
  } else if (!alarms.length) {
    place.append(el('p', 'quiet', t('alarms-none')));
  } else {
    place.append(el('strong', '', t('alarms')), el('p', 'quiet', t('not-alarm')), el('ul', '', ...alarms.map((each) => el('li', each.prio, el('bdi', '', each.txt), ` (${t('prio-' + each.prio)}${each.state === 'active' ? '' : ', ' + t('alarm-' + each.state)})`))));
  }
}

/** Sweeps from left to right as monitors do; what is not there is not drawn. */
function wave(box, dev, of) {
  const [name, canvas] = box.children;
  put(name, nameOf(of) + (of.q ? ' · ' + t('flag-' + of.q) : ''));
  const hz = parseFloat(of.hz) || 1;
  const length = Math.max(16, Math.round(hz * WAVE_S));
  const key = dev + '|' + of.r;
  let trace = traces.get(key);
  if (!trace || trace.d.length !== length) {
    trace = { d: new Array(length).fill(null), at: 0 };
    traces.set(key, trace);
  }
  of.d.slice(-length).forEach((sample) => {
    trace.d[trace.at % length] = sample;
    trace.at++;
  });
  const width = Math.max(100, canvas.clientWidth);
  const height = 72;
  const ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const seen = trace.d.filter((each) => each !== null);
  let lo = Math.min(...seen);
  let hi = Math.max(...seen);
  if (!(hi > lo)) {
    lo = of.lo === undefined ? lo - 1 : of.lo;
    hi = of.hi === undefined ? hi + 1 : of.hi;
  }
  const pen = canvas.getContext('2d');
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.strokeStyle = '#0b5f66';
  pen.lineWidth = 1.6;
  pen.lineJoin = 'round';
  pen.beginPath();
  const head = trace.at % length;
  const gap = Math.round(length / 30);
  let down = false;
  trace.d.forEach((sample, i) => {
    const isGap = trace.at >= length && (i - head + length) % length < gap;
    if (sample === null || isGap) {
      down = false;
      return;
    }
    const x = (i / length) * width;
    const y = height - 6 - ((sample - lo) / (hi - lo)) * (height - 12);
    if (down) pen.lineTo(x, y);
    else pen.moveTo(x, y);
    down = true;
  });
  pen.stroke();
}

function ports(view) {
  $('no-ports').hidden = view.ports.length > 0;
  const byPath = new Map(view.ports.map((port) => [port.path, port]));
  children($('ports'), [...byPath.keys()], () => el('li', '', el('span', 'path ltr'), el('span'), el('button'))).forEach((row) => {
    const port = byPath.get(row.dataset.k);
    put(row.children[0], port.path);
    put(row.children[1], port.dev ? t('port-of', port.dev) : t('port-free'));
    const button = row.children[2];
    button.type = 'button';
    button.hidden = Boolean(port.dev) || state.role === 'nobody';
    button.dataset.port = port.path;
    put(button, t('what-is-it'));
  });
}
