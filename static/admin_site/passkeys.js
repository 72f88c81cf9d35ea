// Passkeys: asks the browser to make one or to use one, and sends its answer with the form that holds the question.

const WHY_NOT = {
  NotAllowedError: "没有完成：已取消，或等得太久。可以再试一次。",
  InvalidStateError: "这台设备上已经有本站的通行密钥。",
  SecurityError: "这个网址不能使用通行密钥：需要 https 的域名（本机试用请用 localhost）。",
};

const toBytes = (text) => {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
};

const toText = (buffer) => {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};

const withBytes = (key) => ({ ...key, id: toBytes(key.id) });

const prepared = ({ publicKey }) => {
  const options = { ...publicKey, challenge: toBytes(publicKey.challenge) };
  if (options.user) options.user = withBytes(options.user);
  if (options.allowCredentials) options.allowCredentials = options.allowCredentials.map(withBytes);
  if (options.excludeCredentials) options.excludeCredentials = options.excludeCredentials.map(withBytes);
  return { publicKey: options };
};

const written = (credential) => {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  return {
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
};

const optionsOf = async (form) => {
  if (form.dataset.passkeyOptions) return JSON.parse(form.dataset.passkeyOptions);
  const answer = await fetch(form.dataset.passkeyFrom, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return (await answer.json()).request_options;
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("[data-passkey-start]");
  const note = form.querySelector("[data-passkey-note]");
  const tell = (text) => {
    note.textContent = text;
    note.hidden = !text;
  };
  const ask = async () => {
    tell("");
    button.disabled = true;
    try {
      const options = prepared(await optionsOf(form));
      const credential = await navigator.credentials[form.dataset.passkey](options);
      form.elements.credential.value = JSON.stringify(written(credential));
      form.submit();
    } catch (error) {
      button.disabled = false;
      tell(WHY_NOT[error.name] ?? "通行密钥暂时不能使用，请换一种方式。");
    }
  };
  button.hidden = false;
  if (window.PublicKeyCredential) {
    button.addEventListener("click", ask);
    // Enter in the name of a new key: the form holds no answer yet.
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask();
    });
  } else {
    button.disabled = true;
    tell("这个浏览器不支持通行密钥，或网址不是 https。");
  }
}
