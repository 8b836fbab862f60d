//! What the runtime gives a worker: its bindings, the context of a request, KV, other workers, the
//! cache of the location, timers and the log.
//!
//! Written here, as far as it is used, and not taken from the `worker` crate: that brings a router,
//! requests and answers of its own, a date library and macros that compile the same bindings once
//! more for the machine that builds. Without it both workers are smaller and compile sooner
//! (`docs/measurements.md`).

use js_sys::futures::{JsFuture, future_to_promise};
use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use std::cell::{Cell, RefCell};
use std::panic;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{self, Poll, Waker};
use std::time::Duration;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Cache, Request, RequestInit};

#[wasm_bindgen]
extern "C" {
    /// The bindings and variables of a worker.
    #[derive(Debug, Clone)]
    pub type Env;

    /// What lives as long as a request.
    #[derive(Debug)]
    pub type Context;

    #[wasm_bindgen(method, catch, js_name = waitUntil)]
    fn wait_for(this: &Context, promise: &Promise) -> Result<(), JsValue>;

    /// Another worker, an object of one, or the files beside this one.
    #[derive(Debug, Clone)]
    pub type Service;

    #[wasm_bindgen(method, catch, js_name = fetch)]
    fn fetch_request(this: &Service, request: &Request) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = fetch)]
    fn fetch_address(this: &Service, address: &str) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = fetch)]
    fn fetch_with(this: &Service, address: &str, init: &RequestInit) -> Result<Promise, JsValue>;

    /// A namespace of Durable Objects.
    type Objects;

    #[wasm_bindgen(method, catch, js_name = idFromName)]
    fn id_from_name(this: &Objects, name: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = get)]
    fn object(this: &Objects, id: &JsValue) -> Result<Service, JsValue>;

    #[derive(Debug, Clone)]
    type Namespace;

    #[wasm_bindgen(method, catch)]
    fn get(this: &Namespace, name: &str, kind: &str) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn put(this: &Namespace, name: &str, value: &Uint8Array, options: &Object) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn delete(this: &Namespace, name: &str) -> Result<Promise, JsValue>;

    /// The caches of the location, as `caches`.
    type Caches;

    #[wasm_bindgen(method, getter, js_name = default)]
    fn default_cache(this: &Caches) -> Cache;

    #[wasm_bindgen(catch)]
    fn fetch(address: &str) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(ring: &Function, milliseconds: f64) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);

    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn write_error(text: &str);

    /// What `serving/js/instance.js` does when the instance has panicked.
    #[wasm_bindgen(js_name = __sproPanicked)]
    fn panicked();
}

impl Env {
    /// A variable, where it is set to a text.
    pub fn variable(&self, name: &str) -> Option<String> {
        Reflect::get(self, &name.into()).ok()?.as_string()
    }

    /// A binding that answers requests: another worker, or files.
    ///
    /// # Errors
    /// What JavaScript throws where the binding cannot be read.
    pub fn service(&self, name: &str) -> Result<Service, JsValue> {
        self.binding(name)
    }

    /// The one object of this name in a namespace of Durable Objects.
    ///
    /// # Errors
    /// Where the namespace is not bound, or has no such object.
    pub fn durable_object(&self, namespace: &str, name: &str) -> Result<Service, JsValue> {
        let objects: Objects = self.binding(namespace)?;
        objects.object(&objects.id_from_name(name)?)
    }

    /// A namespace of KV.
    ///
    /// # Errors
    /// Where it is not bound.
    pub fn kv(&self, name: &str) -> Result<Kv, JsValue> {
        self.binding(name).map(Kv)
    }

    fn binding<T: JsCast>(&self, name: &str) -> Result<T, JsValue> {
        let bound = Reflect::get(self, &name.into())?;
        if bound.is_object() {
            Ok(bound.unchecked_into())
        } else {
            Err(format!("{name} is not bound").into())
        }
    }
}

impl Context {
    /// Goes on with some work after the answer has left.
    pub fn wait_until(&self, work: impl Future<Output = ()> + 'static) {
        let promise = future_to_promise(panic::AssertUnwindSafe(async {
            work.await;
            Ok(JsValue::UNDEFINED)
        }));
        // Where the runtime takes no more of it, the work has begun all the same.
        let _ = self.wait_for(&promise);
    }
}

impl Service {
    /// Passes a request on.
    ///
    /// # Errors
    /// What JavaScript throws: nobody answers, or the answer was broken off.
    pub async fn pass(&self, request: &Request) -> Result<web_sys::Response, JsValue> {
        settled(self.fetch_request(request)?).await
    }

    /// Reads an address.
    ///
    /// # Errors
    /// As [`Self::pass`].
    pub async fn read(&self, address: &str) -> Result<web_sys::Response, JsValue> {
        settled(self.fetch_address(address)?).await
    }

    /// Sends to an address.
    ///
    /// # Errors
    /// As [`Self::pass`].
    pub async fn send(&self, address: &str, init: &RequestInit) -> Result<web_sys::Response, JsValue> {
        settled(self.fetch_with(address, init)?).await
    }
}

async fn settled(answer: Promise) -> Result<web_sys::Response, JsValue> {
    JsFuture::from(answer).await.map(JsCast::unchecked_into)
}

/// The bytes of an answer's body.
///
/// # Errors
/// What JavaScript throws where the body is broken off.
pub async fn bytes_of(answer: &web_sys::Response) -> Result<Vec<u8>, JsValue> {
    let body = JsFuture::from(answer.array_buffer()?).await?;
    Ok(Uint8Array::new(&body).to_vec())
}

/// The bytes at an address of the network.
///
/// # Errors
/// What JavaScript throws where nobody answers.
pub async fn fetched(address: &str) -> Result<Vec<u8>, JsValue> {
    bytes_of(&settled(fetch(address)?).await?).await
}

/// A namespace of KV.
#[derive(Debug, Clone)]
pub struct Kv(Namespace);

impl Kv {
    /// The bytes of a value; nothing where there is none.
    ///
    /// # Errors
    /// What JavaScript throws where KV does not answer.
    pub async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, JsValue> {
        let value = JsFuture::from(self.0.get(name, "arrayBuffer")?).await?;
        Ok((!value.is_null()).then(|| Uint8Array::new(&value).to_vec()))
    }

    /// Writes a value, for so many seconds where a number is stated.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn put(&self, name: &str, bytes: &[u8], seconds: Option<u32>) -> Result<(), JsValue> {
        let options = Object::new();
        if let Some(seconds) = seconds {
            Reflect::set(&options, &"expirationTtl".into(), &JsValue::from_f64(f64::from(seconds)))?;
        }
        JsFuture::from(self.0.put(name, &Uint8Array::from(bytes), &options)?).await.map(drop)
    }

    /// Removes a value.
    ///
    /// # Errors
    /// As [`Self::get`]; some namespaces throw where there is none.
    pub async fn delete(&self, name: &str) -> Result<(), JsValue> {
        JsFuture::from(self.0.delete(name)?).await.map(drop)
    }
}

/// The cache of this location; nothing where the runtime has none.
pub(crate) fn cache() -> Option<Cache> {
    let caches = Reflect::get(&js_sys::global(), &"caches".into()).ok().filter(JsValue::is_object)?;
    Some(caches.unchecked_into::<Caches>().default_cache())
}

/// Writes a line to the log that operators read.
#[cold]
pub(crate) fn log_error(line: &str) {
    write_error(line);
}

/// Ends when its time is over, from the first time that somebody waits for it.
pub struct Delay {
    duration: Duration,
    timer: Option<(JsValue, Closure<dyn FnMut()>)>,
    state: Rc<State>,
}

#[derive(Default)]
struct State {
    is_over: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl From<Duration> for Delay {
    fn from(duration: Duration) -> Self {
        Self { duration, timer: None, state: Rc::default() }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut task::Context<'_>) -> Poll<()> {
        if self.state.is_over.get() {
            return Poll::Ready(());
        }
        self.state.waker.replace(Some(context.waker().clone()));
        if self.timer.is_none() {
            let state = Rc::clone(&self.state);
            let ring = Closure::<dyn FnMut()>::new(move || {
                state.is_over.set(true);
                if let Some(waker) = state.waker.take() {
                    waker.wake();
                }
            });
            let timer = set_timeout(ring.as_ref().unchecked_ref(), self.duration.as_secs_f64() * 1000.0);
            self.timer = Some((timer, ring));
        }
        Poll::Pending
    }
}

/// A timer that nobody waits for must not call what is gone.
impl Drop for Delay {
    fn drop(&mut self) {
        if let Some((timer, _)) = self.timer.take().filter(|_| !self.state.is_over.get()) {
            clear_timeout(&timer);
        }
    }
}

/// Tells what serves the instance that it has panicked: nobody may call it again.
#[wasm_bindgen(start, private)]
fn watch_panics() {
    panic::set_hook(Box::new(|panic| {
        log_error(&format!("Rust panic: {panic}"));
        panicked();
    }));
    // What calls back into an instance that was left gets an error, not a broken memory.
    wasm_bindgen::handler::set_on_abort(wasm_bindgen::handler::schedule_reinit);
}
