import { describe, expect, it } from 'vitest';
import { startStage } from './fixture.ts';

describe('the first byte', () => {
  it('0x81 begins the framed dialect, and is answered without waiting for more', async () => {
    const stage = await startStage();
    const client = await stage.stranger();
    expect(await client.ask('\x81', 1)).toBe('\x81');
  });

  it('0x81 is answered before the requests that came with it', async () => {
    const stage = await startStage();
    const client = await stage.stranger();
    expect(await client.ask('\x81\x01\x00\x05alice', 2)).toBe('\x81\x01');
  });

  for (const byte of ['\x80', '\x82', '\xc1', '\xff']) {
    const name = `0x${byte.charCodeAt(0).toString(16)}`;
    it(`${name} is answered with the version that the server speaks, and the connection is closed`, async () => {
      const stage = await startStage();
      const client = await stage.stranger();
      client.say(`${byte}\x01\x00\x05alice`);
      expect(await client.hearToEnd()).toBe('\x81');
      expect(stage.service.accountCount).toBe(0);
    });
  }

  it('below 0x80 begins the seed dialect, which greets nobody', async () => {
    const stage = await startStage();
    const client = await stage.stranger();
    expect(await client.ask('\x01alice', 1)).toBe('\x01');
    expect(await client.ask('\x7f', 1)).toBe('\x7e');
  });

  it('0x81 is no version later on', async () => {
    const stage = await startStage();
    const framed = await stage.framed();
    expect(await framed.ask('\x81\x00\x00', 1)).toBe('\x7e');
    const seed = await stage.stranger();
    expect(await seed.ask('\x00', 1)).toBe('\x7e');
    expect(await seed.ask('\x81', 1)).toBe('\x7e');
  });
});
