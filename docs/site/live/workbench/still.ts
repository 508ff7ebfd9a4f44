import { escapeHtml } from '../text.js';
import { checkCode } from './check.js';
import { exercises } from './presets.js';
import { resultHtml } from './view.js';

/** The first puzzle and what its check says: what a page without scripts shows. */
export function workbenchHtml(): string {
  const all = exercises();
  const groups = [...new Set(all.map(({ group }) => group))].map((group) => {
    const options = all.flatMap((one, i) =>
      one.group === group ? `<option value="${i}">${escapeHtml(one.title)}</option>` : [],
    );
    return `<optgroup label="${group}">${options.join('')}</optgroup>`;
  });
  const [first] = all;
  const result = checkCode(first.code, first, { dout: 'random', dtype: 'float64', inputs: 'normal' });
  const data = JSON.stringify(all).replaceAll('<', '\\u003c');
  return `<section class="widget" id="workbench" aria-label="A workbench for gradient checks">
<script type="application/json" class="exercises">${data}</script>
<p class="control"><label>Start with <select class="exercise">${groups.join('')}</select></label> <button type="button" class="restore">Restore</button> <span class="progress"></span></p>
<p class="control switches"><label>dout <select class="dout"><option value="random">random</option><option value="ones">ones</option></select></label> <label>dtype <select class="dtype"><option>float64</option><option>float32</option></select></label> <label>inputs <select class="inputs"><option value="normal">random</option><option value="kinks">some at 0</option></select></label></p>
<div class="editor"><pre class="paint" aria-hidden="true"><code></code></pre><textarea class="code" spellcheck="false" autocapitalize="off" autocomplete="off" autocorrect="off" wrap="off" rows="22" aria-label="The code of the layer">${escapeHtml(first.code)}</textarea></div>
<details class="clue"><summary>A hint</summary><p class="hint-text">${escapeHtml(first.hint ?? '')}</p></details>
<p class="said" role="status"></p>
<div class="result">${resultHtml(result)}</div>
</section>`;
}
