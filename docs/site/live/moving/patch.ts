/**
 * Makes the children of an element equal to those of new HTML, and keeps every element that is already there. So the
 * focus stays, a finger keeps what it drags, and colors can change gradually.
 *
 * @param prepare is called with the new elements before they are compared
 */
export function patch(target: Element, html: string, prepare: (fresh: ParentNode) => void): void {
  const template = document.createElement('template');
  template.innerHTML = html;
  prepare(template.content);
  patchChildren(target, template.content);
}

function patchChildren(target: Node, fresh: Node): void {
  const [before, after] = [[...target.childNodes], [...fresh.childNodes]];
  for (const [i, node] of after.entries()) {
    const old = before[i];
    if (!old) target.appendChild(node);
    else if (old instanceof Element && node instanceof Element && old.nodeName === node.nodeName) patchOne(old, node);
    else if (old.nodeType !== node.nodeType || old.nodeName !== node.nodeName) target.replaceChild(node, old);
    else if (old.nodeValue !== node.nodeValue) old.nodeValue = node.nodeValue;
  }
  for (const old of before.slice(after.length)) target.removeChild(old);
}

function patchOne(old: Element, fresh: Element): void {
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of [...fresh.attributes])
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  patchChildren(old, fresh);
}
