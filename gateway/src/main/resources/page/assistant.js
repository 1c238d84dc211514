// From a cable that somebody plugged in to a device that is read: recognise, confirm, compare, name.
import { $, post, state, t, why } from './page.js';
import { el, inOrder, keyOf, kindOf, nameOf, put, qualityOf, reasonOf, textOf, unitOf } from './draw.js';

const NEEDED = 3;
const my = { port: '', step: '', chosen: null, error: '', ticked: new Map(), key: '', id: '', place: '', added: null, notes: new Map() };

/** Starts with a port. */
export async function begin(port) {
  Object.assign(my, { port, step: 'listen', chosen: null, error: '', ticked: new Map(), id: '', place: '', added: null });
  await order({ do: 'identify', port });
  $('assistant').focus();
  $('assistant').scrollIntoView({ block: 'start' });
}

async function order(fields) {
  my.error = '';
  const answer = await post('/api/setup', fields);
  if (!answer.ok) my.error = why(answer);
  show(true);
  return answer.ok;
}

async function leave() {
  my.step = '';
  show(true);
  await post('/api/setup', { do: 'cancel' });
}

let setup = null;

/** Takes what the box tells of the port. */
export function assistant(told, anew) {
  setup = told;
  if (my.step === 'compare' && my.error === '' && told.phase === 'failed') my.error = t('error-port', told.error || '');
  show(anew);
}

/** Everything is drawn anew only when another step, language or outcome is there; values are changed in place. */
function show(anew) {
  const panel = $('assistant');
  panel.hidden = my.step === '';
  if (my.step === '' || !setup) return;
  const key = [state.lang, my.step, my.port, my.error, my.chosen && my.chosen.prof, my.added && my.added.id, my.step === 'listen' ? setup.phase + setup.found.map((each) => each.prof).join() : '', setup.file].join('|');
  if (anew === true || key !== my.key) {
    my.key = key;
    const was = document.activeElement && panel.contains(document.activeElement) ? document.activeElement.id : null;
    panel.className = 'panel active';
    panel.replaceChildren(el('h2', '', t('assistant')), path(), steps(), body());
    if (was !== null) (document.getElementById(was) || panel).focus();
  }
  live();
}

function path() {
  return el('p', 'quiet', t('port') + ' ', el('span', 'ltr', my.port));
}

function steps() {
  const all = ['listen', 'confirm', 'compare', 'name', 'done'];
  const at = all.indexOf(my.step);
  const list = el('ol', 'steps');
  all.forEach((each, i) => {
    const item = el('li', i < at ? 'done' : '', t('step-' + each));
    if (i === at) item.setAttribute('aria-current', 'step');
    list.append(item);
  });
  return list;
}

function button(text, act, main) {
  const made = el('button', main ? 'main' : '', text);
  made.type = 'button';
  made.id = 'b-' + text.replace(/\s+/g, '-');
  made.addEventListener('click', act);
  return made;
}

function body() {
  const left = el('div');
  const error = el('p', 'error', my.error);
  error.setAttribute('role', 'alert');
  if (my.step === 'listen') listen(left);
  if (my.step === 'confirm') confirm(left);
  if (my.step === 'compare') compare(left);
  if (my.step === 'name') name(left);
  if (my.step === 'done') done(left);
  left.append(error);
  if (my.chosen && my.step !== 'listen') {
    return el('div', 'split', left, notes(my.chosen.prof));
  }
  return el('div', 'split one', left);
}

function listen(left) {
  const phase = setup.port === my.port ? setup.phase : 'listening';
  if (phase === 'listening' || phase === 'capturing') {
    left.append(el('p', '', el('span', 'busy'), t(phase)), live.told = el('p', 'quiet'));
    left.append(el('div', 'row', button(t('cancel'), leave)));
  } else if (phase === 'found') {
    left.append(el('p', '', t('found')));
    setup.found.forEach((each, i) => left.append(candidate(each, i === 0)));
    left.append(el('div', 'row', button(t('again'), () => begin(my.port)), button(t('cancel'), leave)));
  } else {
    left.append(el('h3', '', t(phase + '-title')), el('p', '', t(phase + '-text', setup.error || '')));
    const row = el('div', 'row');
    if (phase === 'silent') row.append(button(t('probe'), () => order({ do: 'identify', port: my.port, probe: 'true' }), true));
    if (phase === 'unknown' || phase === 'silent') row.append(button(t('capture'), () => order({ do: 'capture', port: my.port }), phase === 'unknown'));
    if (setup.file && (phase === 'captured' || phase === 'unknown')) {
      const link = el('a', 'button', t('download'));
      link.href = '/api/capture';
      link.setAttribute('download', '');
      link.id = 'download';
      row.append(link);
    }
    row.append(button(t('again'), () => begin(my.port)), button(t('cancel'), leave));
    left.append(row);
  }
}

function candidate(each, first) {
  const meter = el('meter');
  meter.value = each.confidence;
  meter.min = 0;
  meter.max = 1;
  const percent = `${Math.floor(each.confidence * 100)} %`;
  return el('div', 'candidate', el('h3', '', [each.maker, each.model].filter(Boolean).join(' · ')), el('p', 'quiet', `${kindOf(each.kind)} · ${each.prof} · ${t('trust-' + each.trust)}`),
    el('div', 'sure', meter, el('span', '', t('sure', percent))), el('p', 'quiet ltr', each.why),
    button(t('choose', each.model.split(', ')[0] || each.prof), () => { my.chosen = each; my.step = 'confirm'; show(true); }, first));
}

function confirm(left) {
  const of = my.chosen;
  left.append(el('h3', '', t('confirm-title', [of.maker, of.model].filter(Boolean).join(' '))), el('p', '', t('confirm-text')), el('p', 'quiet ltr', of.link));
  left.append(el('div', 'row', button(t('yes'), async () => {
    my.step = 'compare';
    my.ticked = new Map();
    await order({ do: 'compare', port: my.port, profile: of.prof, link: of.link });
  }, true), button(t('back'), () => { my.step = 'listen'; show(true); }), button(t('cancel'), leave)));
}

function compare(left) {
  left.append(el('h3', '', t('compare-title')), el('p', '', t('compare-text', NEEDED)), live.quality = el('p', 'quality'), live.values = el('div', 'compare'));
  const next = button(t('next'), () => { my.step = 'name'; show(true); }, true);
  next.id = 'compared';
  live.next = next;
  left.append(el('div', 'row', next, button(t('wrong'), async () => {
    my.step = 'listen';
    await order({ do: 'identify', port: my.port });
  }), button(t('cancel'), leave)));
}

/** What changes each second. */
function live() {
  if (my.step === 'listen' && live.told && live.told.isConnected) put(live.told, setup.told || '');
  if (my.step !== 'compare' || !live.values || !live.values.isConnected) return;
  const shown = setup.shown || [];
  const obs = inOrder(shown.flatMap((part) => part.obs));
  if (setup.q) qualityOf(live.quality, setup.q);
  const rows = new Map([...live.values.children].map((row) => [row.dataset.k, row]));
  obs.forEach((each) => {
    const key = keyOf(each);
    let row = rows.get(key);
    if (!row) {
      const box = el('input');
      box.type = 'checkbox';
      box.checked = my.ticked.get(key) === true;
      box.addEventListener('change', () => {
        my.ticked.set(key, box.checked);
        live();
      });
      row = el('label', '', box, el('span'), el('span', 'num'));
      row.dataset.k = key;
      live.values.append(row);
    }
    const [, about, num] = row.children;
    put(about, [nameOf(each), reasonOf(each)].filter(Boolean).join(' · '));
    put(num, `${textOf(each)} ${unitOf(each)}`.trim());
  });
  const ticked = [...my.ticked.values()].filter(Boolean).length;
  const needed = Math.min(NEEDED, Math.max(1, obs.length));
  live.next.disabled = obs.length === 0 || ticked < needed;
  put(live.next, ticked < needed ? t('tick-more', needed - ticked) : t('next'));
}

function name(left) {
  const form = el('form');
  const id = el('input');
  id.id = 'new-id';
  id.required = true;
  id.pattern = '[a-z0-9]+(-[a-z0-9]+)*';
  id.maxLength = 40;
  id.autocomplete = 'off';
  id.dir = 'ltr';
  id.value = my.id;
  const place = el('input');
  place.id = 'new-place';
  place.maxLength = 64;
  place.autocomplete = 'off';
  place.dir = 'ltr';
  place.value = my.place;
  id.addEventListener('input', () => { my.id = id.value; });
  place.addEventListener('input', () => { my.place = place.value; });
  const idLabel = el('label', '', t('new-id'));
  idLabel.htmlFor = id.id;
  const placeLabel = el('label', '', t('new-place'));
  placeLabel.htmlFor = place.id;
  const save = el('button', 'main', t('save'));
  save.type = 'submit';
  save.id = 'save';
  form.append(idLabel, id, el('p', 'quiet', t('new-id-text')), placeLabel, place, el('p', 'quiet', t('new-place-text')), el('div', 'row', save, button(t('cancel'), leave)));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    save.disabled = true;
    const answer = await post('/api/device', { id: id.value, location: place.value, profile: my.chosen.prof, link: my.chosen.link });
    save.disabled = false;
    my.error = answer.ok ? '' : why(answer);
    if (answer.ok) {
      my.added = { id: id.value, runs: answer.runs };
      my.step = 'done';
    }
    show(true);
  });
  left.append(el('h3', '', t('name-title')), form);
}

function done(left) {
  left.append(el('h3', '', t('done-title', my.added.id)), el('p', '', t(my.added.runs ? 'done-text' : 'done-restart')), el('div', 'row', button(t('finish'), () => { my.step = ''; show(true); $('devices').focus(); }, true)));
}

/** The profile's notes beside the step; they are rendered and made harmless by the box. */
function notes(profile) {
  const place = el('aside', 'notes', el('p', 'quiet', t('notes')));
  const key = profile + '|' + state.lang;
  const fill = (told) => {
    const inside = el('div');
    inside.innerHTML = told.html;
    if (state.lang === 'ar') inside.dir = 'ltr';
    place.append(...(told.wiring || []).map(drawing), inside);
  };
  if (my.notes.has(key)) {
    fill(my.notes.get(key));
  } else {
    fetch(`/api/notes?profile=${encodeURIComponent(profile)}&lang=${state.lang}`).then((answer) => (answer.ok ? answer.json() : { html: '' })).then((told) => {
      my.notes.set(key, told);
      fill(told);
    }).catch(() => {});
  }
  return place;
}

/** How a cable of that kind is made. */
function drawing(kind) {
  const picture = el('img');
  picture.src = `/wiring/${kind}.svg`;
  picture.alt = '';
  return el('figure', 'wiring', picture, el('figcaption', '', t('wiring-' + kind)));
}
