import Anthropic from '@anthropic-ai/sdk';
import { describe, expectError, pixel, weatherSchema } from './shared.mjs';

export { describe };

export const connect = ({ base, key }) => new Anthropic({ baseURL: base, apiKey: key, maxRetries: 0, timeout: 20_000 });

const ask = (model, more = {}) => ({ model, max_tokens: 64, messages: [{ role: 'user', content: 'Hi' }], ...more });
const tools = ['get_weather', 'get_time'].map((name) => ({ name, input_schema: weatherSchema }));

const textOf = (content) => content.filter((b) => b.type === 'text').map((b) => b.text).join('');

const plain = (message) => ({
  text: textOf(message.content),
  stop: message.stop_reason,
  usage: message.usage,
  requestId: message._request_id ?? null,
});

export const scenarios = {
  plain: async (client, { model }) => plain(await client.messages.create(ask(model))),

  stream: async (client, { model }) => {
    const events = [];
    const stream = client.messages.stream(ask(model)).on('streamEvent', (event) => events.push(event.type));
    return { ...plain(await stream.finalMessage()), first: events[0], last: events.at(-1) };
  },

  stream_raw: async (client, { model }) => {
    let [text, output] = ['', null];
    for await (const event of await client.messages.create(ask(model, { stream: true }))) {
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text;
      if (event.type === 'message_delta') output = event.usage.output_tokens;
    }
    return { text, output };
  },

  tools_stream: async (client, { model }) => {
    const message = await client.messages.stream(ask(model, { tools })).finalMessage();
    const calls = message.content.filter((b) => b.type === 'tool_use').map(({ id, name, input }) => ({ id, name, arguments: input }));
    return { stop: message.stop_reason, calls };
  },

  structured: async (client, { model }) => {
    const message = await client.messages.create(ask(model, { output_config: { format: { type: 'json_schema', schema: weatherSchema } } }));
    return { parsed: JSON.parse(textOf(message.content)) };
  },

  vision: async (client, { model }) => {
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } };
    return plain(await client.messages.create(ask(model, { messages: [{ role: 'user', content: [image, { type: 'text', text: 'What is it?' }] }] })));
  },

  count_tokens: async (client, { model }) => {
    const { max_tokens: _, ...request } = ask(model);
    return { tokens: (await client.messages.countTokens(request)).input_tokens };
  },

  models: async (client) => {
    const ids = [];
    for await (const model of client.models.list()) ids.push(model.id);
    return { ids };
  },

  error: async (client, { missing }) => ({ error: describe(await expectError(() => client.messages.create(ask(missing)))) }),

  abort: async (client, { slow }) => {
    const stream = await client.messages.create(ask(slow, { stream: true }));
    let chunks = 0;
    for await (const event of stream) {
      if (event.type === 'content_block_delta') {
        chunks++;
        stream.controller.abort();
      }
    }
    return { chunks };
  },

  retry: async (client, { shaky }) => plain(await client.messages.create(ask(shaky), { maxRetries: 2 })),
};
