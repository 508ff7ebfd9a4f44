// A formula that is too wide for its column is set smaller, down to seven tenths. Beyond that it scrolls, and can have the focus.
{
  const fitFormulas = () => {
    for (const formula of document.querySelectorAll('.formula')) {
      formula.style.fontSize = '';
      const inner = formula.querySelector('.katex');
      const share = formula.clientWidth / formula.scrollWidth;
      if (inner && share < 1) formula.style.fontSize = `${Math.max(0.7, Math.floor(98 * share) / 100)}em`;
      if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
    }
  };
  document.fonts.ready.then(fitFormulas);
  addEventListener('resize', fitFormulas);
}
