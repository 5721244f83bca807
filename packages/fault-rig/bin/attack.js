#!/usr/bin/env node
import { start } from '../../../start.js';

void start('attack', () => import('../src/attack/main.ts'));
