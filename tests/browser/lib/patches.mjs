// What sites do to the language and to the document before our script arrives. Every patch is of
// a kind that was seen in the wild; each stands for what it breaks.

/** Libraries of 2006 that are still there: their own methods, enumerable, in place of the real ones. */
export const LIBRARIES = `
  Object.prototype.extend = function () { return this; };
  Array.prototype.contains = function (item) { return this.indexOf(item) >= 0; };
  Array.prototype.toJSON = function () { return "[" + this.join() + "]"; };
  Array.prototype.flat = undefined;
  Array.prototype.find = function (call, self) { for (var i = 0; i < this.length; i++) if (call.call(self, this[i], i)) return this[i]; return null; };
  Array.prototype.map = function (call, self) { var made = []; for (var i = 0; i < this.length; i++) made.push(call.call(self, this[i], i)); return made; };
  Array.from = ((usual) => function (list, call, self) { return usual.call(Array, list, call, self); })(Array.from);
  String.prototype.startsWith = function (start) { return this.indexOf(start) === 0; };
  Function.prototype.bind = function (self) { var call = this, first = [].slice.call(arguments, 1); return function () { return call.apply(self, first.concat([].slice.call(arguments))); }; };
  Element.prototype.show = function () { this.style.display = ""; };
  Element.prototype.update = function (html) { this.innerHTML = html; };
`;

/** Frameworks that watch everything that happens later: promises, listeners, timers. */
export const ZONES = `
  const Native = Promise;
  window.Promise = class ZoneAwarePromise {
    constructor(run) { this.inner = new Native(run); }
    then(done, failed) { const made = Object.create(ZoneAwarePromise.prototype); made.inner = this.inner.then(done, failed); return made; }
    catch(failed) { return this.then(undefined, failed); }
    finally(call) { return this.then((value) => { call(); return value; }, (error) => { call(); throw error; }); }
    static resolve(value) { return new ZoneAwarePromise((done) => done(value)); }
    static reject(error) { return new ZoneAwarePromise((_, failed) => failed(error)); }
    static all(list) { return new ZoneAwarePromise((done, failed) => Native.all([...list]).then(done, failed)); }
    static race(list) { return new ZoneAwarePromise((done, failed) => Native.race([...list]).then(done, failed)); }
  };
  const then = Native.prototype.then;
  Native.prototype.then = function (done, failed) { window.thens = (window.thens ?? 0) + 1; return then.call(this, done, failed); };
  const listen = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (name, call, options) {
    const handle = typeof call === "function" ? function (event) { return call.call(this, event); } : call;
    return listen.call(this, name, handle, options);
  };
  for (const name of ["setTimeout", "requestAnimationFrame", "queueMicrotask"]) {
    const usual = window[name];
    window[name] = (call, ...rest) => usual.call(window, () => call(), ...rest);
  }
  const ask = window.fetch;
  window.fetch = (...what) => new Promise((done, failed) => ask(...what).then(done, failed));
`;

/** Tag managers, consent banners and blockers: they want to see and change whatever is made. */
export const TAGS = `
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) { window.shadows = (window.shadows ?? 0) + 1; return attach.call(this, { ...options, mode: "open" }); };
  const create = Document.prototype.createElement;
  Document.prototype.createElement = function (name, options) {
    const made = create.call(this, name, options);
    if (/^(script|iframe|link)$/i.test(name)) made.setAttribute("data-consent", "checked");
    return made;
  };
  for (const name of ["appendChild", "insertBefore", "replaceChild"]) {
    const usual = Node.prototype[name];
    Node.prototype[name] = function (...what) { return usual.apply(this, what); };
  }
  const ask = window.fetch;
  window.fetch = async function (what, options) {
    const request = new Request(what, options);
    const reply = await ask(request);
    window.fetched = [...(window.fetched ?? []), request.url];
    return new Response(await reply.arrayBuffer(), { status: reply.status, headers: reply.headers });
  };
  const parse = JSON.parse;
  JSON.parse = (text, revive) => { const made = parse(text, revive); if (made && typeof made === "object") made.__seen = true; return made; };
  JSON.stringify = ((usual) => (...what) => usual(...what))(JSON.stringify);
  const define = customElements.define;
  customElements.define = function (name, maker, options) { return define.call(customElements, name, class extends maker {}, options); };
  delete window.IntersectionObserver;
  console.info = console.warn = undefined;
`;
