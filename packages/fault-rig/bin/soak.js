#!/usr/bin/env node
import { start } from '../../../start.js';

void start('soak', () => import('../src/main.ts'));
