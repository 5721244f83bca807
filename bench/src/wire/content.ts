/** Who takes part in the script: 8 characters each. */
export const names = { sender: 'alice001', recipient: 'robert02' } as const;

/** What the sender says: 32 characters. */
export const body = 'see you at eight, usual place ok';
