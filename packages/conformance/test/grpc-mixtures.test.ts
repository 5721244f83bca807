import { describeMixture } from './mixtures.ts';

// One mixture. All of them are in grpc-mixtures.long.test.ts.
describeMixture('sockets', 'Converse');
