import { type BlasFunction, PLAIN, ROW_MAJOR, TRANSPOSED } from './blas-library.js';
import type { Kernel } from './kernel.js';
import type { Product } from './product.js';
import { isSweep } from './thread-task.js';

/**
 * A kernel whose products in single precision are those of the system's BLAS, in the memory of WebAssembly. So each
 * thread of the wasm engine computes its own products on one processor. The BLAS's own threads would compete with them.
 */
export function withBlas(kernel: Kernel, memory: WebAssembly.Memory, multiply: BlasFunction): Kernel {
  const product = ({ n, m, k, alpha, a, rowA, columnA, b, rowB, columnB, beta, c, rowC }: Omit<Product, 'size'>) => {
    if (n === 0 || m === 0) return;
    const floats = new Float32Array(memory.buffer);
    const [left, right] = [orderOf(rowA, columnA, k), orderOf(rowB, columnB, m)];
    const [atA, atB, atC] = [a, b, c].map((address) => floats.subarray(address / 4));
    multiply(
      ...[ROW_MAJOR, left.transpose, right.transpose, n, m, k, alpha],
      ...[atA, left.stride, atB, right.stride, beta, atC, rowC / 4],
    );
  };
  return {
    ...kernel,
    run(task, scratch) {
      if (isSweep(task) && task.name === 'multiplyPlanes') {
        const [n, m, k, a, rowA, columnA, stepA, b, rowB, columnB, stepB, beta, c, rowC, stepC] = task.numbers;
        for (let i = task.first; i < task.last; i++) {
          const [atA, atB, atC] = [a + i * stepA, b + i * stepB, c + i * stepC];
          product({ n, m, k, alpha: 1, a: atA, rowA, columnA, b: atB, rowB, columnB, beta, c: atC, rowC });
        }
      } else if (
        !isSweep(task) &&
        task.size === 4 &&
        isReadable(task.rowA, task.columnA) &&
        isReadable(task.rowB, task.columnB)
      ) {
        product(task);
      } else {
        kernel.run(task, scratch);
      }
    },
  };
}

/** Whether rows or columns are contiguous and in ascending order: the BLAS reads no other matrix. */
function isReadable(row: number, column: number): boolean {
  return (column === 4 && row > 0) || (row === 4 && column > 0);
}

/** How the BLAS reads a matrix of so many columns. The stride of a single row may be too short for it. */
function orderOf(row: number, column: number, columns: number): { transpose: number; stride: number } {
  if (column === 4) return { transpose: PLAIN, stride: Math.max(row / 4, columns) };
  return { transpose: TRANSPOSED, stride: column / 4 };
}
