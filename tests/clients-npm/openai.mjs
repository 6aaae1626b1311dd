import OpenAI from 'openai';
import { describe, expectError, pixel, weatherSchema } from './shared.mjs';

export { describe };

export const connect = ({ base, key }) =>
  new OpenAI({ baseURL: new URL('v1', base).href, apiKey: key, maxRetries: 0, timeout: 20_000 });

const hi = [{ role: 'user', content: 'Hi' }];
const tools = ['get_weather', 'get_time'].map((name) => ({ type: 'function', function: { name, parameters: weatherSchema } }));

const plain = (answer) => ({
  text: answer.choices[0].message.content,
  finish: answer.choices[0].finish_reason,
  usage: answer.usage,
  requestId: answer._request_id ?? null,
});

export const scenarios = {
  plain: async (client, { model }) => plain(await client.chat.completions.create({ model, messages: hi })),

  stream: async (client, { model }) => {
    const stream = await client.chat.completions.create({ model, messages: hi, stream: true, stream_options: { include_usage: true } });
    let [text, finish, usage, chunks] = ['', null, null, 0];
    for await (const chunk of stream) {
      chunks++;
      text += chunk.choices[0]?.delta?.content ?? '';
      finish ??= chunk.choices[0]?.finish_reason;
      usage ??= chunk.usage;
    }
    return { text, finish, usage, chunks };
  },

  stream_without_usage: async (client, { model }) => {
    const stream = await client.chat.completions.create({ model, messages: hi, stream: true });
    let [text, sawUsage] = ['', false];
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta?.content ?? '';
      sawUsage ||= 'usage' in chunk || chunk.choices.length === 0;
    }
    return { text, sawUsage };
  },

  tools_stream: async (client, { model }) => {
    const stream = await client.chat.completions.create({ model, messages: hi, tools, stream: true });
    const calls = [];
    let finish = null;
    for await (const chunk of stream) {
      finish ??= chunk.choices[0]?.finish_reason;
      for (const delta of chunk.choices[0]?.delta?.tool_calls ?? []) {
        const call = (calls[delta.index] ??= { id: delta.id, name: delta.function.name, arguments: '' });
        call.arguments += delta.function.arguments ?? '';
      }
    }
    return { finish, calls: calls.map((c) => ({ ...c, arguments: JSON.parse(c.arguments) })) };
  },

  structured: async (client, { model }) => {
    const format = { type: 'json_schema', json_schema: { name: 'weather', strict: true, schema: weatherSchema } };
    const answer = await client.chat.completions.parse({ model, messages: hi, response_format: format });
    return { parsed: answer.choices[0].message.parsed ?? JSON.parse(answer.choices[0].message.content) };
  },

  vision: async (client, { model }) => {
    const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } };
    return plain(await client.chat.completions.create({ model, messages: [{ role: 'user', content: [{ type: 'text', text: 'What is it?' }, image] }] }));
  },

  embeddings: async (client, { model }) => {
    const answer = await client.embeddings.create({ model, input: ['a', 'b'] });
    return { count: answer.data.length, vector: Array.from(answer.data[0].embedding), usage: answer.usage };
  },

  responses_plain: async (client, { model }) => {
    const answer = await client.responses.create({ model, input: 'Hi' });
    return { text: answer.output_text, status: answer.status, usage: answer.usage };
  },

  responses_stream: async (client, { model }) => {
    const stream = await client.responses.create({ model, input: 'Hi', stream: true });
    const types = [];
    let [text, usage, inOrder] = ['', null, true];
    for await (const event of stream) {
      inOrder &&= event.sequence_number === types.length;
      types.push(event.type);
      if (event.type === 'response.output_text.delta') text += event.delta;
      if (event.type === 'response.completed') usage = event.response.usage;
    }
    return { text, usage, inOrder, last: types.at(-1) };
  },

  models: async (client) => {
    const ids = [];
    for await (const model of client.models.list()) ids.push(model.id);
    return { ids };
  },

  error: async (client, { missing }) => ({
    error: describe(await expectError(() => client.chat.completions.create({ model: missing, messages: hi }))),
  }),

  abort: async (client, { slow }) => {
    const stream = await client.chat.completions.create({ model: slow, messages: hi, stream: true });
    let chunks = 0;
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta?.content) {
        chunks++;
        stream.controller.abort();
      }
    }
    return { chunks };
  },

  retry: async (client, { shaky }) => plain(await client.chat.completions.create({ model: shaky, messages: hi }, { maxRetries: 2 })),
};
