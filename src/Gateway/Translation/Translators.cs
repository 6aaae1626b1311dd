using System.Text.Json;
using Platform.Gateway.Answers;

namespace Platform.Gateway.Translation;

/// <summary>A chat completion asked of an engine that speaks Anthropic's messages.</summary>
internal sealed class ChatThroughMessages : Translator
{
    public override AnswerCodec Answers => ChatFromMessages.Codec;

    protected override void Write(TranslationInput input, Utf8JsonWriter json, Findings findings) => ChatToMessages.Write(input, json, findings);
}

/// <summary>A message asked of an engine that speaks chat completions.</summary>
internal sealed class MessagesThroughChat : Translator
{
    public override AnswerCodec Answers => MessagesFromChat.Codec;

    protected override void Write(TranslationInput input, Utf8JsonWriter json, Findings findings) => MessagesToChat.Write(input, json, findings);
}

/// <summary>The length of a message's prompt, asked of vLLM's <c>/tokenize</c>.</summary>
internal sealed class CountThroughTokenize : Translator
{
    public override AnswerCodec Answers => CountFromTokenize.Codec;

    protected override void Write(TranslationInput input, Utf8JsonWriter json, Findings findings) => MessagesToChat.WritePrompt(input, json, findings);
}
