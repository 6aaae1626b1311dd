using System.Text.Json;
using Platform.Gateway.Errors;
using Platform.Gateway.Upstream;

namespace Platform.Gateway.Translation;

/// <summary>Writes blocks of a user's message as a chat completion's parts.</summary>
internal sealed class MessageParts(Utf8JsonWriter json, Findings findings, EngineProfile engine)
{
    public static bool IsText(JsonValue block) => block.Member("type"u8).Is("text"u8);

    /// <summary>A user may say it in a chat completion.</summary>
    public static bool IsPart(JsonValue block) => block.Member("type"u8) is var type && (type.Is("text"u8) || type.Is("image"u8) || type.Is("document"u8));

    public JsonValue TextOf(JsonValue block) => BlockFields.TextBlock.Read(block, findings)[BlockFields.TextText];

    /// <param name="block">One of those that <see cref="IsPart"/> knows.</param>
    public void Write(JsonValue block)
    {
        var type = block.Member("type"u8);
        if (type.Is("text"u8))
            json.TextBlock(TextOf(block));
        else if (type.Is("image"u8))
            WriteImage(BlockFields.ImageBlock.Read(block, findings)[BlockFields.ImageSource]);
        else
            WriteDocument(BlockFields.DocumentBlock.Read(block, findings));
    }

    private void WriteImage(JsonValue value)
    {
        if (value.IsMissing)
            return;
        var source = BlockFields.Source.Read(value, findings);
        json.WriteStartObject();
        json.WriteString("type", "image_url");
        json.WriteStartObject("image_url");
        if (source[BlockFields.SourceType].Is("url"u8))
            json.Copy("url", Needed(source, BlockFields.SourceUrl));
        else if (source[BlockFields.SourceType].Is("base64"u8))
            WriteData("url", source);
        else if (!source[BlockFields.SourceType].IsMissing)
            findings.Refuse(ApiErrors.NotTranslated(BlockFields.SourceType.Path, "expected `base64` or `url`"));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteDocument(Members document)
    {
        if (document[BlockFields.DocumentSource].IsMissing)
            return;
        var source = BlockFields.Source.Read(document[BlockFields.DocumentSource], findings);
        if (source[BlockFields.SourceType].Is("text"u8))
        {
            json.TextBlock(Needed(source, BlockFields.SourceData));
            if (!document[BlockFields.DocumentTitle].IsMissing)
                findings.Drop(BlockFields.DocumentTitle.Path);
            return;
        }
        if (!engine.TakesFiles || !source[BlockFields.SourceType].Is("base64"u8))
        {
            findings.Refuse(ApiErrors.NotTranslated(BlockFields.DocumentSource.Path, "the model's server takes no such documents"));
            return;
        }
        json.WriteStartObject();
        json.WriteString("type", "file");
        json.WriteStartObject("file");
        if (document[BlockFields.DocumentTitle].IsMissing)
            json.WriteString("filename", "document");
        else
            json.Copy("filename", document[BlockFields.DocumentTitle]);
        WriteData("file_data", source);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteData(string name, Members source) =>
        json.Joined(name, "data:"u8, Needed(source, BlockFields.SourceMedia).Inner, ";base64,"u8, Needed(source, BlockFields.SourceData).Inner);

    private JsonValue Needed(Members members, Field field)
    {
        if (members[field].IsMissing)
            findings.Refuse(ApiErrors.Missing(field.Path));
        return members[field];
    }
}
