/** The users of the script: 8 characters each. */
export const names = { sender: 'alice001', recipient: 'robert02' } as const;

/** The body that the sender sends: 32 characters. */
export const body = 'see you at eight, usual place ok';
