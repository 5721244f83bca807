import { describeOrders } from './model-orders.ts';

// Enough to find a planted bug.
describeOrders(50);
