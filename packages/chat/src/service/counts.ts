/** The numbers of messages that a service has handled since it was opened, as plain numbers. */
export interface MessageCounts {
  /** Messages that came into a mailbox. */
  stored: number;
  /** Messages that went to a session; one that was not acknowledged goes to the next one again. */
  delivered: number;
  /** Messages that a session has acknowledged. */
  acknowledged: number;
}

/** Returns counts of nothing yet. */
export function noMessages(): MessageCounts {
  return { stored: 0, delivered: 0, acknowledged: 0 };
}
