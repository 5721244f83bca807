/** The users of the script: 8 characters each. */
export const names = { sender: 'alice001', recipient: 'robert02' } as const;

/** The body that the sender sends: 32 characters. */
export const body = 'see you at eight, usual place ok';

/** The secret of the sender, and the one that it is changed to: 15 characters each. */
export const secrets = { secret: 'seven blue cats', newSecret: 'nine green dogs' } as const;

/** The messages that wait for the sender at a login with unread messages; the recipient sends them. */
export const unreadMessages = 2;
