import { describeOrders } from './model-orders.ts';

describeOrders(10);
