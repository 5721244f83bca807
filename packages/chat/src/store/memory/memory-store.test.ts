import { describeStore } from '../../../test/store/store-contract.ts';
import { MemoryStore } from './memory-store.ts';

describeStore('memory', async () => ({ store: new MemoryStore() }));
