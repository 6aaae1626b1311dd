// What only a browser knows or can do: time zone, theme, clipboard, visibility, reconnecting.
(() => {
  "use strict";
  const themeKey = "portal-theme";

  const storedTheme = () => {
    try {
      const theme = localStorage.getItem(themeKey);
      return theme === "light" || theme === "dark" ? theme : "system";
    } catch {
      return "system";
    }
  };

  const showTheme = theme => { document.documentElement.dataset.theme = theme; };

  const announce = text => {
    const live = document.getElementById("live");
    live.textContent = "";
    setTimeout(() => { live.textContent = text; }, 50);
  };

  const copy = async button => {
    const source = document.querySelector(button.dataset.copy);
    if (!source) return;
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.dataset.copied = "true";
      setTimeout(() => { delete button.dataset.copied; }, 2000);
      announce("Copied");
    } catch {
      getSelection().selectAllChildren(source);
      announce("The browser refused to copy. The text is selected: press Ctrl+C.");
    }
  };

  document.addEventListener("click", event => {
    const button = event.target.closest?.("[data-copy]");
    if (button) copy(button);
    if (event.target.closest?.("[data-reload]")) location.reload();
  });

  showTheme(storedTheme());

  window.portal = {
    viewer: () => ({
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC",
      offsetMinutes: -new Date().getTimezoneOffset(),
      theme: storedTheme(),
    }),
    setTheme: theme => {
      try { localStorage.setItem(themeKey, theme); } catch { /* a browser that keeps nothing */ }
      showTheme(theme);
    },
    isVisible: () => document.visibilityState === "visible",
    signOut: () => document.getElementById("sign-out").requestSubmit(),
    // Brings tokens that the circuit refreshed into the cookie. Where it fails, the next page does it.
    keepSession: () => { fetch("session", { headers: { "X-Requested-With": "XMLHttpRequest" } }).catch(() => { }); },
  };

  document.addEventListener("DOMContentLoaded", () => {
    const dialog = document.getElementById("components-reconnect-modal");
    if (!dialog) return;
    const retry = async () => {
      document.removeEventListener("visibilitychange", retryWhenVisible);
      try {
        if (!await Blazor.reconnect()) location.reload();
      } catch {
        document.addEventListener("visibilitychange", retryWhenVisible);
      }
    };
    const retryWhenVisible = () => { if (document.visibilityState === "visible") retry(); };
    dialog.addEventListener("components-reconnect-state-changed", event => {
      switch (event.detail.state) {
        case "show": if (!dialog.open) dialog.showModal(); break;
        case "hide": dialog.close(); break;
        case "failed": document.addEventListener("visibilitychange", retryWhenVisible); break;
        case "rejected": location.reload(); break;
      }
    });
    dialog.querySelector("button").addEventListener("click", retry);
  });
})();
