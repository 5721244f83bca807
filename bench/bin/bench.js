#!/usr/bin/env node
import { start } from '../../start.js';

void start('bench', () => import('../src/main.ts'));
