// Search, theme, keyboard, and names that light up together. Without this script the pages can be read all the same.
(() => {
  const root = document.documentElement.dataset.root || '';
  const byId = (id) => document.getElementById(id);
  const typing = () => /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? '');

  // The theme: dark, light, or the system's when both agree.
  byId('theme').addEventListener('click', () => {
    const { dataset } = document.documentElement;
    const dark = dataset.theme ? dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    dataset.theme = dark ? 'light' : 'dark';
    try {
      localStorage.setItem('tsd-theme', dataset.theme);
    } catch {
      // Then it holds for this page only.
    }
  });

  // Contents stand open where there is room for them beside the text.
  const contents = document.querySelector('.contents');
  if (contents && document.body.classList.contains('text')) {
    const wide = matchMedia('(min-width: 1080px)');
    const fit = () => {
      contents.open = wide.matches;
    };
    wide.addEventListener('change', fit);
    fit();
  }
  const current = contents?.querySelector('[aria-current]');
  if (current && contents.open) {
    const box = contents.getBoundingClientRect();
    const at = current.getBoundingClientRect();
    if (at.bottom > box.bottom) contents.scrollTop += at.top - box.top - box.height / 2;
  }

  // A name in the prose or in the code lights up wherever else it stands on the page.
  const names = new Map();
  for (const element of document.querySelectorAll(
    '.annotated .lines .v, .annotated .lines .f, .annotated .prose code',
  )) {
    const name = element.textContent;
    if (!/^[A-Za-z_]\w*$/.test(name)) continue;
    if (!names.has(name)) names.set(name, []);
    names.get(name).push(element);
  }
  const light = (event, on) => {
    const element = event.target.closest?.('.v, .f, .prose code');
    for (const other of names.get(element?.textContent) ?? []) other.classList.toggle('lit', on);
  };
  document.addEventListener('pointerover', (event) => light(event, true));
  document.addEventListener('pointerout', (event) => light(event, false));

  // Search.
  const dialog = byId('search');
  const query = byId('query');
  const found = byId('found');
  let chosen = 0;
  const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
  // LayerNorm is found as layer norm too.
  const apart = (name) => `${name} ${name.replace(/([a-z\d])([A-Z])/g, '$1 $2')}`;
  let entries = [];
  let loading = false;

  // The index is larger than any page, so it is loaded when somebody is about to search.
  const load = () => {
    if (loading) return;
    loading = true;
    const script = document.createElement('script');
    script.src = `${root}assets/search-index.js`;
    script.addEventListener('load', () => {
      entries = window.searchIndex.map(([part, title, heading, url, text]) => ({
        part,
        title,
        heading,
        url,
        text,
        lowerHeading: apart(`${title} ${heading}`).toLowerCase(),
        lowerText: text.toLowerCase(),
      }));
      if (dialog.open) look();
    });
    document.head.append(script);
  };

  const score = (entry, wanted) => {
    let total = 0;
    for (const word of wanted) {
      const inHeading = entry.lowerHeading.indexOf(word);
      const count = entry.lowerText.split(word).length - 1;
      if (inHeading < 0 && count === 0) return 0;
      if (inHeading >= 0) total += entry.lowerHeading.split(/[^\p{L}\p{N}_]+/u).includes(word) ? 30 : 15;
      total += Math.min(6, count) / (1 + entry.lowerText.length / 3000);
    }
    // What has exactly this name comes first, and of those the chapter.
    const query = wanted.join(' ');
    if (query === words(entry.heading).join(' ')) total += entry.part === 'Guide' ? 200 : 100;
    return total + { Guide: 3, Source: 2, Notebooks: 1 }[entry.part] || total;
  };

  const snippet = ({ text, lowerText }, [word = '']) => {
    const at = Math.max(0, lowerText.indexOf(word) - 50);
    return `${at > 0 ? '…' : ''}${text.slice(at, at + 150)}${text.length > at + 150 ? '…' : ''}`;
  };

  const marked = (element, text, wanted) => {
    const pattern = wanted.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
    for (const [i, part] of (pattern ? text.split(new RegExp(`(${pattern})`, 'i')) : [text]).entries()) {
      if (i % 2) element.append(Object.assign(document.createElement('mark'), { textContent: part }));
      else element.append(part);
    }
  };

  const choose = (index) => {
    const links = [...found.querySelectorAll('a')];
    if (links.length === 0) return;
    chosen = (index + links.length) % links.length;
    for (const [i, link] of links.entries()) link.classList.toggle('chosen', i === chosen);
    links[chosen].scrollIntoView({ block: 'nearest' });
  };

  const look = () => {
    const wanted = words(query.value);
    const hits = wanted.length
      ? entries
          .map((entry) => ({ entry, points: score(entry, wanted) }))
          .filter(({ points }) => points > 0)
          .sort((a, b) => b.points - a.points)
          .slice(0, 30)
      : [];
    found.replaceChildren(
      ...hits.map(({ entry }) => {
        const link = Object.assign(document.createElement('a'), { href: root + entry.url });
        const head = document.createElement('strong');
        marked(head, entry.heading, wanted);
        const part = Object.assign(document.createElement('small'), {
          textContent: entry.title === entry.heading ? entry.part : `${entry.part}: ${entry.title}`,
        });
        const text = document.createElement('span');
        marked(text, snippet(entry, wanted), wanted);
        link.append(head, part, text);
        const item = document.createElement('li');
        item.append(link);
        return item;
      }),
    );
    if (wanted.length && hits.length === 0 && entries.length > 0)
      found.append(
        Object.assign(document.createElement('li'), { textContent: 'Nothing found.', className: 'nothing' }),
      );
    choose(0);
  };

  const open = () => {
    load();
    dialog.showModal();
    query.select();
    look();
  };
  byId('search-open').addEventListener('click', open);
  for (const about of ['pointerenter', 'focus']) byId('search-open').addEventListener(about, load);
  query.addEventListener('input', look);
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog || event.target.closest('#found a')) dialog.close();
  });
  dialog.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') choose(chosen + 1);
    else if (event.key === 'ArrowUp') choose(chosen - 1);
    else if (event.key === 'Enter') found.querySelector('a.chosen')?.click();
    else return;
    event.preventDefault();
  });
  document.addEventListener('keydown', (event) => {
    if (dialog.open || typing() || event.defaultPrevented) return;
    if (event.key === '/' || ((event.ctrlKey || event.metaKey) && event.key === 'k')) {
      event.preventDefault();
      open();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || document.activeElement?.matches('[tabindex]')) return;
    if (event.key === 'ArrowLeft') document.querySelector('.way [rel=prev]')?.click();
    if (event.key === 'ArrowRight') document.querySelector('.way [rel=next]')?.click();
  });
})();
