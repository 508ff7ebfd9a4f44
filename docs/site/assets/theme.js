// Before anything is drawn: the theme that was chosen, or the system's. TypeDoc's pages keep theirs under the same name.
(() => {
  let chosen = 'os';
  try {
    chosen = localStorage.getItem('tsd-theme') || 'os';
  } catch {
    // Some browsers allow no storage to files.
  }
  if (chosen !== 'os') document.documentElement.dataset.theme = chosen;
})();
