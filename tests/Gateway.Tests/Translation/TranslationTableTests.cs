using Platform.Gateway.Dialects.OpenAi;
using Platform.Gateway.Tests.World;
using Platform.Gateway.Translation;

namespace Platform.Gateway.Tests.Translation;

/// <summary>Every field of both dialects has one fate, and meets it.</summary>
public sealed class TranslationTableTests
{
    /// <summary>OpenAI 2.3.0, <c>CreateChatCompletionRequest</c>.</summary>
    private const string ChatMembers =
        "metadata,top_logprobs,temperature,top_p,user,safety_identifier,prompt_cache_key,prompt_cache_retention,prompt_cache_options,messages,model,service_tier,modalities,"
        + "verbosity,reasoning_effort,max_completion_tokens,frequency_penalty,presence_penalty,web_search_options,response_format,audio,store,moderation,stream,stop,logit_bias,"
        + "logprobs,max_tokens,n,prediction,seed,stream_options,tools,tool_choice,parallel_tool_calls,function_call,functions";

    /// <summary>Anthropic's <c>MessageCreateParams</c>, and what its betas add.</summary>
    private const string MessageMembers =
        "max_tokens,messages,model,cache_control,container,inference_geo,metadata,output_config,service_tier,stop_sequences,stream,system,temperature,thinking,tool_choice,tools,"
        + "top_k,top_p,context_management,mcp_servers,output_format,speed";

    public static TheoryData<string> ChatFields => [.. Paths(TranslationTable.ChatRequest)];

    public static TheoryData<string> MessagesFields => [.. Paths(TranslationTable.MessagesRequest)];

    public static TheoryData<string> ChatAnswerFields => [.. Paths(TranslationTable.ChatAnswer)];

    public static TheoryData<string> MessageAnswerFields => [.. Paths(TranslationTable.MessageAnswer)];

    [Fact]
    public void No_field_has_two_fates()
    {
        foreach (var part in TranslationTable.All)
            Paths(part).ShouldBeUnique(part.Name);
    }

    [Fact]
    public void Every_member_of_both_requests_is_in_the_table()
    {
        ChatMembers.Split(',').ShouldBeSubsetOf(Paths(TranslationTable.ChatRequest));
        MessageMembers.Split(',').ShouldBeSubsetOf(Paths(TranslationTable.MessagesRequest));
    }

    [Theory]
    [MemberData(nameof(ChatFields))]
    public void A_field_of_a_chat_completion_meets_its_fate(string path) =>
        ShouldMeetItsFate(TranslationTable.ChatRequest, path, TranslationSamples.Chat, (json, engine) => Outcome(Translating.ChatToMessages(json, engine), json));

    [Theory]
    [MemberData(nameof(MessagesFields))]
    public void A_field_of_a_message_meets_its_fate(string path) =>
        ShouldMeetItsFate(TranslationTable.MessagesRequest, path, TranslationSamples.Messages, (json, engine) => Outcome(Translating.MessagesToChat(json, engine), null));

    [Theory]
    [MemberData(nameof(ChatAnswerFields))]
    public void A_field_of_a_chat_completions_answer_meets_its_fate(string path) =>
        ShouldMeetItsFate(TranslationTable.ChatAnswer, path, TranslationSamples.ChatAnswers, (json, _) => AnswerOf(MessagesFromChat.Codec, json));

    [Theory]
    [MemberData(nameof(MessageAnswerFields))]
    public void A_field_of_a_messages_answer_meets_its_fate(string path) =>
        ShouldMeetItsFate(TranslationTable.MessageAnswer, path, TranslationSamples.MessageAnswers, (json, _) => AnswerOf(ChatFromMessages.Codec, json));

    [Fact]
    public async Task The_page_about_the_API_has_the_table_as_it_is() =>
        await Snapshots.HoldsAsync("docs/api.md", "translation", "\n" + TranslationTable.ToMarkdown(), TestContext.Current.CancellationToken);

    private static void ShouldMeetItsFate(
        TranslationPart part, string path, IReadOnlyDictionary<string, SampleText> samples, Func<string, string, (string Text, string? Refused, string Dropped)> translate)
    {
        var (scope, field) = part.Scopes.SelectMany(s => s.Fields.Select(f => (s, f))).Single(p => p.f.Path == path);
        var sample = samples.TryGetValue(path, out var own) && part.Scopes.All(s => s.Path != path) ? own : samples[scope.Path];
        var value = TranslationSamples.Values.GetValueOrDefault(path) ?? sample.ValueOf(field.Name) ?? TranslationSamples.Values.GetValueOrDefault(field.Name) ?? "\"something\"";

        var with = translate(sample.With(field.Name, value), sample.Engine);
        var without = translate(sample.With(field.Name, null), sample.Engine);

        switch (field.Fate)
        {
            case Fate.Mapped:
                with.ShouldNotBe(without);
                with.Dropped.Split(',').ShouldNotContain(path);
                break;
            case Fate.Refused:
                with.Refused.ShouldBe(path);
                break;
            case Fate.Dropped:
                with.Refused.ShouldBeNull();
                with.Text.ShouldNotBeEmpty();
                var saysNothing = field.Unless?.Invoke(JsonValue.Root(System.Text.Encoding.UTF8.GetBytes(value))) == true;
                with.Dropped.Split(',').Contains(path).ShouldBe(!saysNothing);
                break;
        }
    }

    private static (string Text, string? Refused, string Dropped) Outcome(Translated translated, string? chat)
    {
        var counts = chat is not null && new ChatOperation().Read(System.Text.Encoding.UTF8.GetBytes(chat)).Value is ChatRequest { IncludeUsage: true };
        return (translated.Text + (counts ? " with usage" : ""), translated.Error?.Param, translated.Dropped ?? "");
    }

    private static (string Text, string? Refused, string Dropped) AnswerOf(TranslatedAnswers answers, string json)
    {
        var (text, dropped, _) = Translating.Answer(answers, json);
        return (text, null, dropped ?? "");
    }

    private static List<string> Paths(TranslationPart part) => [.. part.Scopes.SelectMany(s => s.Fields).Select(f => f.Path)];
}
