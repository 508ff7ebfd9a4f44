import { expect } from 'chai';
import fc from 'fast-check';
import { Random } from '../../src/index.js';
import { engine } from '../../src/kernels/backend.js';
import type { WinogradSizes } from '../../src/kernels/winograd.js';
import { setBackend } from '../../src/index.js';
import { blasAvailable } from '../support/arrays.js';
