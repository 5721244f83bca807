import { testCrashes } from './crashes.ts';

testCrashes(Number(process.env.TANDEM_TEST_KILLS ?? 20));
