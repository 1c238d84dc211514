// The page: who is here, in which language, and what the box tells each second.
import { draw, put } from './draw.js';
import { assistant, begin } from './assistant.js';

export const state = { words: {}, lang: '', role: 'nobody', csrf: '', pin: false, session: false, view: null, fingerprint: '' };
let stream = null;
let lastMs = 0;

export const $ = (id) => document.getElementById(id);

/** The sentence of that key; {0} and {1} are filled in. */
export function t(key, ...parts) {
  const text = state.words[key];
  return text === undefined ? key : text.replace(/\{(\d)\}/g, (_, i) => parts[i]);
}

export const has = (key) => state.words[key] !== undefined;

export async function post(path, fields) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Wasla-Csrf': state.csrf },
    body: JSON.stringify(fields),
  });
  const text = await answer.text();
  const json = text ? JSON.parse(text) : {};
  if (answer.status === 403 && json.error !== 'pin-wrong') {
    await session();
    if (state.role !== 'installer') askPin();
  }
  return { ok: answer.ok, ...json };
}

/** What the box says of a refusal, in its words where it has some. */
export function why(answer) {
  const key = 'error-' + answer.error;
  return answer.error === 'refused' ? t(key, answer.what || '') : has(key) ? t(key, answer.what || '') : t('error-refused', answer.error || '?');
}

async function session() {
  const answer = await fetch('/api/session');
  const who = await answer.json();
  Object.assign(state, { role: who.role, csrf: who.csrf, pin: who.pin, session: who.session, fingerprint: who.fingerprint || '' });
  put($('gw'), who.gw);
  const key = $('key');
  key.hidden = !state.pin;
  put(key, state.session ? t('leave') : t('login-title'));
  $('inside').hidden = state.role === 'nobody';
  $('box').hidden = state.role === 'nobody' || !state.view;
  put($('fingerprint'), state.fingerprint ? t('fingerprint', state.fingerprint) : '');
  if (state.role === 'nobody') {
    askPin();
    close();
  } else if (!stream) {
    open();
  }
}

function askPin() {
  $('login').hidden = false;
  $('login-close').hidden = state.role === 'nobody';
  $('pin').focus();
}

async function login(event) {
  event.preventDefault();
  const pin = $('pin').value;
  $('pin').value = '';
  const answer = await post('/api/login', { pin });
  put($('login-error'), answer.ok ? '' : why(answer));
  if (answer.ok) {
    $('login').hidden = true;
    close();
    await session();
    render();
  } else {
    $('pin').focus();
  }
}

async function keyPressed() {
  if (state.session) {
    await post('/api/logout', {});
    close();
    await session();
    render();
  } else {
    askPin();
  }
}

function open() {
  stream = new EventSource('/events');
  stream.onmessage = (event) => {
    lastMs = Date.now();
    $('offline').hidden = true;
    state.view = JSON.parse(event.data);
    $('box').hidden = false;
    render();
  };
  stream.onerror = () => {
    $('offline').hidden = false;
    if (stream && stream.readyState === EventSource.CLOSED) {
      // The session is over, or too many look: ask who we are before trying again.
      close();
      setTimeout(() => session().catch(() => {}), 3000);
    }
  };
}

function close() {
  if (stream) stream.close();
  stream = null;
}

async function speak(lang) {
  const [words, quality] = await Promise.all([`/${lang}.json`, `/quality.${lang}.json`].map((path) => fetch(path).then((answer) => answer.json())));
  state.words = { ...words, ...quality };
  state.lang = lang;
  document.documentElement.lang = lang;
  document.documentElement.dir = lang === 'ar' ? 'rtl' : 'ltr';
  document.querySelectorAll('[data-t]').forEach((each) => put(each, t(each.dataset.t)));
  document.querySelectorAll('#langs button').forEach((each) => each.setAttribute('aria-pressed', String(each.dataset.lang === lang)));
  put($('key'), state.session ? t('leave') : t('login-title'));
  put($('fingerprint'), state.fingerprint ? t('fingerprint', state.fingerprint) : '');
  try {
    localStorage.setItem('lang', lang);
  } catch {
    // A browser that keeps nothing speaks French again next time.
  }
  render(true);
}

/** @param anew whether sentences that stand already are another language's */
function render(anew) {
  if (!state.view || !state.lang) return;
  put($('site'), state.view.site);
  draw(state.view, anew);
  assistant(state.view.setup, anew);
}

function kept() {
  try {
    return localStorage.getItem('lang');
  } catch {
    return null;
  }
}

$('login').addEventListener('submit', login);
$('login-close').addEventListener('click', () => { $('login').hidden = true; });
$('key').addEventListener('click', keyPressed);
$('langs').addEventListener('click', (event) => {
  const lang = event.target.dataset.lang;
  if (lang) speak(lang);
});
$('ports').addEventListener('click', (event) => {
  const port = event.target.dataset.port;
  if (port) begin(port);
});
setInterval(() => {
  if (stream && lastMs && Date.now() - lastMs > 5000) $('offline').hidden = false;
}, 1000);
const asked = new URLSearchParams(location.search).get('lang');
const first = [asked, kept(), 'fr'].find((each) => ['fr', 'en', 'ar'].includes(each));
speak(first).then(session);
