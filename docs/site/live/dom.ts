/** Finds the parts of an interactive figure by their class. Throws for one that is not there. */
export function byClass(root: HTMLElement) {
  return <T extends HTMLElement = HTMLElement>(name: string, within: HTMLElement = root): T => {
    const found = within.querySelector<T>(`.${name}`);
    if (!found) throw new Error(`the page has no part of the class ${name}`);
    return found;
  };
}
