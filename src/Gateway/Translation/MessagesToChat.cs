using System.Text.Json;
using Platform.Gateway.Errors;

namespace Platform.Gateway.Translation;

/// <summary>Says a message's request as a chat completion's. What it read, and what became of it, is in <see cref="MessagesFields"/>.</summary>
internal static class MessagesToChat
{
    /// <summary>What a format is called that has no name of its own.</summary>
    private const string FormatName = "answer";

    public static void Write(TranslationInput input, Utf8JsonWriter json, Findings findings)
    {
        var root = MessagesFields.Root.Read(JsonValue.Root(input.Body), findings);
        if (findings.Error is not null)
            return;
        json.WriteStartObject();
        json.WriteString("model", input.Model);
        WriteSampling(root, input, json, findings);
        WriteStream(root, input, json);
        WriteThinking(root, json, findings);
        if (!root[MessagesFields.Metadata].IsMissing)
            json.CopyIfThere("user", MessagesFields.Meta.Read(root[MessagesFields.Metadata], findings)[MessagesFields.UserId]);
        MessageTools.Write(root, json, findings);
        WriteMessages(root, input, json, findings);
        json.WriteEndObject();
    }

    /// <summary>What vLLM's <c>/tokenize</c> counts: the messages, and the tools before them.</summary>
    public static void WritePrompt(TranslationInput input, Utf8JsonWriter json, Findings findings)
    {
        var root = MessagesFields.Root.Read(JsonValue.Root(input.Body), findings);
        if (findings.Error is not null)
            return;
        json.WriteStartObject();
        json.WriteString("model", input.Model);
        MessageTools.WriteTools(root, json, findings);
        foreach (var field in new[] { MessagesFields.ToolChoice, MessagesFields.Thinking, MessagesFields.OutputConfig, MessagesFields.OutputFormat })
        {
            if (!root[field].IsMissing)
                findings.Drop(field.Path);
        }
        WriteMessages(root, input, json, findings);
        json.WriteEndObject();
    }

    private static void WriteMessages(Members root, TranslationInput input, Utf8JsonWriter json, Findings findings)
    {
        json.WriteStartArray("messages");
        WriteSystem(root[MessagesFields.System], json, findings);
        var blocks = new MessageBlocks(json, findings, input.Engine);
        foreach (var message in root[MessagesFields.Messages].Items)
            blocks.Write(message);
        json.WriteEndArray();
    }

    private static void WriteSystem(JsonValue system, Utf8JsonWriter json, Findings findings)
    {
        if (system.IsMissing)
            return;
        var texts = new List<JsonValue>();
        foreach (var block in system.Items)
        {
            var members = MessagesFields.SystemText.Read(block, findings);
            if (!members[MessagesFields.SystemType].Is("text"u8))
                findings.Refuse(ApiErrors.InvalidValue(MessagesFields.SystemType.Path, "expected `text`"));
            if (findings.Error is not null)
                return;
            texts.Add(members[MessagesFields.SystemTextText]);
        }
        if (system.IsText)
            texts.Add(system);
        if (texts.Count == 0 || findings.Error is not null)
            return;
        json.WriteStartObject();
        json.WriteString("role", "system");
        json.Texts("content", texts);
        json.WriteEndObject();
    }

    private static void WriteSampling(Members root, TranslationInput input, Utf8JsonWriter json, Findings findings)
    {
        json.CopyIfThere(input.Engine.BoundsCompletionTokens ? "max_completion_tokens" : "max_tokens", root[MessagesFields.MaxTokens]);
        json.CopyIfThere("temperature", root[MessagesFields.Temperature]);
        json.CopyIfThere("top_p", root[MessagesFields.TopP]);
        json.CopyIfThere("stop", root[MessagesFields.StopSequences]);
        if (input.Engine.TakesTopK)
            json.CopyIfThere("top_k", root[MessagesFields.TopK]);
        else if (!root[MessagesFields.TopK].IsMissing)
            findings.Drop(MessagesFields.TopK.Path);
        var tier = root[MessagesFields.ServiceTier];
        if (tier.Is("auto"u8))
            json.WriteString("service_tier", "auto");
        else if (tier.Is("standard_only"u8))
            json.WriteString("service_tier", "default");
        else if (!tier.IsMissing)
            findings.Drop(MessagesFields.ServiceTier.Path);
    }

    private static void WriteStream(Members root, TranslationInput input, Utf8JsonWriter json)
    {
        json.CopyIfThere("stream", root[MessagesFields.Stream]);
        if (!root[MessagesFields.Stream].IsTrue)
            return;
        json.WriteStartObject("stream_options");
        json.WriteBoolean("include_usage", true);
        if (input.Engine.CountsContinuously)
            json.WriteBoolean("continuous_usage_stats", true);
        json.WriteEndObject();
    }

    private static void WriteThinking(Members root, Utf8JsonWriter json, Findings findings)
    {
        var config = root[MessagesFields.OutputConfig].IsMissing ? default(Members?) : MessagesFields.Output.Read(root[MessagesFields.OutputConfig], findings);
        var effort = EffortOf(config?[MessagesFields.Effort] ?? default, findings);
        if (!root[MessagesFields.Thinking].IsMissing && effort is not null)
            findings.Drop(MessagesFields.Thinking.Path);
        else if (!root[MessagesFields.Thinking].IsMissing)
            effort = ThoughtEffort(root[MessagesFields.Thinking], findings);
        if (effort is not null)
            json.WriteString("reasoning_effort", effort);
        var format = config?[MessagesFields.OutputSchema] ?? default;
        if (!format.IsMissing && !root[MessagesFields.OutputFormat].IsMissing)
            findings.Drop(MessagesFields.OutputFormat.Path);
        WriteFormat(format.IsMissing ? root[MessagesFields.OutputFormat] : format, json, findings);
    }

    private static string? EffortOf(JsonValue effort, Findings findings)
    {
        if (effort.IsMissing)
            return null;
        if (effort.Is("low"u8))
            return "low";
        if (effort.Is("medium"u8))
            return "medium";
        if (effort.Is("high"u8) || effort.Is("xhigh"u8) || effort.Is("max"u8))
            return "high";
        findings.Drop(MessagesFields.Effort.Path);
        return null;
    }

    private static string? ThoughtEffort(JsonValue thinking, Findings findings)
    {
        var members = MessagesFields.Thought.Read(thinking, findings);
        if (members[MessagesFields.ThoughtType].Is("enabled"u8))
        {
            return members[MessagesFields.Budget].Number switch
            {
                null or <= 4096 => "low",
                <= 12288 => "medium",
                _ => "high",
            };
        }
        if (!members[MessagesFields.ThoughtType].Is("adaptive"u8))
            findings.Drop(MessagesFields.ThoughtType.Path);
        return null;
    }

    private static void WriteFormat(JsonValue format, Utf8JsonWriter json, Findings findings)
    {
        if (format.IsMissing)
            return;
        var members = MessagesFields.Format.Read(format, findings);
        if (!members[MessagesFields.FormatType].Is("json_schema"u8))
            findings.Refuse(ApiErrors.NotTranslated(MessagesFields.FormatType.Path, "expected `json_schema`"));
        if (findings.Error is not null)
            return;
        json.WriteStartObject("response_format");
        json.WriteString("type", "json_schema");
        json.WriteStartObject("json_schema");
        json.WriteString("name", FormatName);
        json.WriteBoolean("strict", true);
        json.Copy("schema", members[MessagesFields.FormatSchema]);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
