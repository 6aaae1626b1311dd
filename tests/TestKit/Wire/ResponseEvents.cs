using System.Text.Json.Nodes;
using Platform.TestKit.Streams;

namespace Platform.TestKit.Wire;

/// <summary>Collects the events of one response and numbers them.</summary>
internal sealed class ResponseEvents(AnswerSample sample)
{
    private readonly List<SseEvent> _events = [];
    private int _output;

    public IReadOnlyList<SseEvent> All => _events;

    public void Add(string type, params (string Name, JsonNode? Value)[] members)
    {
        var json = new JsonObject { ["type"] = type, ["sequence_number"] = _events.Count };
        foreach (var (name, value) in members)
            json[name] = value;
        _events.Add(WireJson.Named(json));
    }

    public void AddItems()
    {
        if (sample.Reasoning.Count > 0)
            AddReasoning();
        if (sample.Text.Count > 0)
            AddMessage();
        foreach (var tool in sample.Tools)
            AddCall(tool);
    }

    private void AddReasoning()
    {
        var id = "rs_" + sample.Id;
        Add("response.output_item.added", ("output_index", _output), ("item", ResponsesWire.ReasoningItem(sample, done: false)));
        AddPart("response.reasoning_summary_part.added", id, "summary_index", ("part", ResponsesWire.SummaryPart("")));
        foreach (var piece in sample.Reasoning)
            AddPart("response.reasoning_summary_text.delta", id, "summary_index", ("delta", piece));
        AddPart("response.reasoning_summary_text.done", id, "summary_index", ("text", sample.WholeReasoning));
        AddPart("response.reasoning_summary_part.done", id, "summary_index", ("part", ResponsesWire.SummaryPart(sample.WholeReasoning)));
        Add("response.output_item.done", ("output_index", _output++), ("item", ResponsesWire.ReasoningItem(sample, done: true)));
    }

    private void AddMessage()
    {
        var id = "msg_" + sample.Id;
        Add("response.output_item.added", ("output_index", _output), ("item", ResponsesWire.MessageItem(sample, done: false)));
        AddPart("response.content_part.added", id, "content_index", ("part", ResponsesWire.TextPart("")));
        foreach (var piece in sample.Text)
            AddPart("response.output_text.delta", id, "content_index", ("delta", piece), ("logprobs", new JsonArray()));
        AddPart("response.output_text.done", id, "content_index", ("text", sample.WholeText), ("logprobs", new JsonArray()));
        AddPart("response.content_part.done", id, "content_index", ("part", ResponsesWire.TextPart(sample.WholeText)));
        Add("response.output_item.done", ("output_index", _output++), ("item", ResponsesWire.MessageItem(sample, done: true)));
    }

    private void AddCall(ToolCallSample tool)
    {
        var id = "fc_" + tool.Id;
        Add("response.output_item.added", ("output_index", _output), ("item", ResponsesWire.CallItem(tool, done: false)));
        foreach (var piece in tool.ArgumentPieces)
            Add("response.function_call_arguments.delta", ("item_id", id), ("output_index", _output), ("delta", piece));
        Add("response.function_call_arguments.done", ("item_id", id), ("name", tool.Name), ("output_index", _output), ("arguments", tool.Arguments));
        Add("response.output_item.done", ("output_index", _output++), ("item", ResponsesWire.CallItem(tool, done: true)));
    }

    private void AddPart(string type, string item, string index, params (string Name, JsonNode? Value)[] members) =>
        Add(type, [("item_id", item), ("output_index", _output), (index, 0), .. members]);
}
