// Passkeys (Web Authentication, level 3). A form with data-passkey="create" or "get" asks the server for options at
// data-options, asks the browser for a credential, and sends that in its field "credential".
"use strict";

async function options(form) {
  const answer = await fetch(form.dataset.options, { method: "POST", body: new FormData(form), credentials: "same-origin" });
  if (answer.status === 403) throw new Error("The password is not right.");
  if (answer.status === 429) throw new Error("Too many tries. Wait a minute.");
  if (!answer.ok) throw new Error("The server does not answer. Try again.");
  return answer.json();
}

function credential(kind, json) {
  return kind === "create"
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(json) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(json) });
}

async function run(form, button, status) {
  if (!form.reportValidity()) return;
  button.disabled = true;
  status.textContent = "";
  try {
    const json = await options(form);
    form.elements.credential.value = JSON.stringify(await credential(form.dataset.passkey, json));
    if (form.elements.password) form.elements.password.value = "";
    form.submit();
  } catch (error) {
    status.textContent = error instanceof DOMException ? "The browser or the device did not go through with it." : error.message;
    button.disabled = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const status = form.querySelector("[role=alert]");
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    status.textContent = "This browser knows no passkeys.";
    continue;
  }
  const button = form.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", () => run(form, button, status));
  form.addEventListener("submit", event => {
    event.preventDefault();
    run(form, button, status);
  });
}
