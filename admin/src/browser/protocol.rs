//! One thing said to the browser, and its answer; what it tells meanwhile goes to a listener.

use super::{Browser, Trouble};
use crate::clock::Deadline;
use serde_json::{Value, json};
use std::io::ErrorKind;
use tungstenite::{Error, Message};

impl Browser {
    /// Tells the browser to do something, and waits for its answer. `hear` gets the events
    /// of the same session that come before it.
    pub(super) fn tell(
        &mut self,
        session: Option<&str>,
        method: &str,
        params: &Value,
        deadline: &Deadline,
        hear: &mut dyn FnMut(&Value),
    ) -> Result<Value, Trouble> {
        let number = self.send(session, method, params)?;
        loop {
            let heard = self.hear(deadline)?;
            if heard["id"] == number {
                return match heard["error"]["message"].as_str() {
                    Some(reason) => Err(Trouble::Refused(reason.to_owned())),
                    None => Ok(heard["result"].clone()),
                };
            }
            if heard["method"] == "Page.javascriptDialogOpening" {
                // An alert stops a page until somebody has closed it. Its answer tells nothing.
                self.send(
                    heard["sessionId"].as_str(),
                    "Page.handleJavaScriptDialog",
                    &json!({ "accept": true }),
                )?;
            }
            if heard["sessionId"].as_str() == session {
                hear(&heard);
            }
        }
    }

    /// Sends a command, and returns its number.
    fn send(&mut self, session: Option<&str>, method: &str, params: &Value) -> Result<u64, Trouble> {
        self.last += 1;
        let mut command = json!({ "id": self.last, "method": method, "params": params });
        if let Some(session) = session {
            command["sessionId"] = session.into();
        }
        self.socket.send(Message::text(command.to_string())).map_err(|error| gone(&error))?;
        Ok(self.last)
    }

    /// The next thing that the browser says.
    fn hear(&mut self, deadline: &Deadline) -> Result<Value, Trouble> {
        loop {
            let left = deadline.left().ok_or(Trouble::Late)?;
            self.socket
                .get_ref()
                .set_read_timeout(Some(left))
                .map_err(|error| Trouble::Gone(error.to_string()))?;
            match self.socket.read() {
                Ok(Message::Text(text)) => {
                    return serde_json::from_str(&text).map_err(|error| Trouble::Gone(error.to_string()));
                }
                // Pings are answered by the next reading.
                Ok(_) => {}
                Err(Error::Io(error))
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(error) => return Err(gone(&error)),
            }
        }
    }
}

fn gone(error: &Error) -> Trouble {
    Trouble::Gone(error.to_string())
}
