'use strict';
(() => {
  const cards = [...document.querySelectorAll('.card')];
  const form = document.getElementById('filters');
  const field = id => document.getElementById(id);
  const value = id => field(id) ? field(id).value : '';
  const texts = new Map();
  const textOf = card => {
    if (!texts.has(card)) texts.set(card, card.textContent.toLowerCase());
    return texts.get(card);
  };
  const fits = (card, words, status, kind, model) =>
    (!status || card.dataset.status === status || card.dataset.reason === status) &&
    (!kind || card.dataset.kind === kind) &&
    (!model || card.dataset.model === model) &&
    words.every(word => textOf(card).includes(word));

  const apply = () => {
    const words = value('text').toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const card of cards) {
      card.hidden = !fits(card, words, value('status'), value('kind'), value('model'));
      if (!card.hidden) shown++;
    }
    field('count').textContent = shown === cards.length ? `${shown} jobs` : `${shown} of ${cards.length} jobs`;
    field('nothing').hidden = shown > 0;
  };

  form.hidden = false;
  form.addEventListener('input', apply);
  form.addEventListener('change', apply);
  form.addEventListener('submit', event => event.preventDefault());
  form.addEventListener('reset', () => requestAnimationFrame(apply));
  // Back and forward in the browser restore what was typed.
  window.addEventListener('pageshow', apply);
  // A link to a job shows it, whatever is filtered.
  window.addEventListener('hashchange', () => {
    const card = document.getElementById(location.hash.slice(1));
    if (card && card.hidden) form.reset();
  });
  document.addEventListener('keydown', event => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field('text').focus();
    } else if (event.key === 'Escape' && event.target === field('text')) {
      field('text').value = '';
      apply();
    }
  });

  // A video shows its first frame once it is scrolled to; it loads no more than that before it is played.
  const seen = new IntersectionObserver(entries => {
    for (const entry of entries) {
      if (entry.isIntersecting) {
        entry.target.preload = 'metadata';
        seen.unobserve(entry.target);
      }
    }
  }, {rootMargin: '200px'});
  document.querySelectorAll('.card video').forEach(video => seen.observe(video));

  // Moved without its files, the page keeps its text.
  document.getElementById('gallery').addEventListener('error', event => {
    if (event.target.tagName === 'IMG') {
      const note = document.createElement('p');
      note.className = 'none';
      note.textContent = 'the file is not beside this page';
      event.target.replaceWith(note);
    }
  }, true);
  apply();
})();
