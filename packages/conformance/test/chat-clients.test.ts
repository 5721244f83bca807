import { describeChatClient } from '../src/index.ts';
import { inProcess, overSockets, taking } from './harnesses.ts';

describeChatClient('in process', taking(inProcess));
describeChatClient('over sockets', taking(overSockets));
describeChatClient('over sockets and in process', taking(overSockets, inProcess));
