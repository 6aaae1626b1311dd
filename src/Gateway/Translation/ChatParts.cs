using System.Text.Json;
using Platform.Gateway.Errors;

namespace Platform.Gateway.Translation;

/// <summary>Which parts a message may hold.</summary>
[Flags]
internal enum PartKinds
{
    Text = 1,
    Refusal = 2,
    Media = 4,
}

/// <summary>Writes parts of a chat completion's content as a message's blocks.</summary>
internal sealed class ChatParts(Utf8JsonWriter json, Findings findings)
{
    /// <summary>A text without a character, which Anthropic refuses.</summary>
    public static bool IsEmpty(JsonValue part) => part.Member("type"u8).Is("text"u8) && part.Member("text"u8).IsEmptyText;

    public void Write(JsonValue part, PartKinds kinds)
    {
        var type = part.Member("type"u8);
        if (kinds.HasFlag(PartKinds.Text) && type.Is("text"u8))
            WriteText(ChatMessageFields.TextPart.Read(part, findings)[ChatMessageFields.TextText]);
        else if (kinds.HasFlag(PartKinds.Refusal) && type.Is("refusal"u8))
            WriteText(ChatMessageFields.RefusalPart.Read(part, findings)[ChatMessageFields.RefusalText]);
        else if (kinds.HasFlag(PartKinds.Media) && type.Is("image_url"u8))
            WriteImage(part);
        else if (kinds.HasFlag(PartKinds.Media) && type.Is("file"u8))
            WriteDocument(part);
        else if (type.Is("input_audio"u8))
            ChatMessageFields.AudioPart.Read(part, findings);
        else
            findings.Refuse(ApiErrors.InvalidValue("messages[].content[].type", "such a part cannot stand there"));
    }

    private void WriteText(JsonValue text)
    {
        if (!text.IsMissing)
            json.TextBlock(text);
    }

    private void WriteImage(JsonValue part)
    {
        var image = ChatMessageFields.ImagePart.Read(part, findings)[ChatMessageFields.ImageUrl];
        if (image.IsMissing)
            return;
        var url = ChatMessageFields.Image.Read(image, findings)[ChatMessageFields.Url];
        if (url.IsMissing)
            return;
        json.WriteStartObject();
        json.WriteString("type", "image");
        if (IsAddress(url.Inner))
            WriteAddress(url);
        else
            WriteData(url, ChatMessageFields.Url, "expected an `http:` or `https:` address, or a `data:` one in base64");
        json.WriteEndObject();
    }

    private void WriteDocument(JsonValue part)
    {
        var file = ChatMessageFields.FilePart.Read(part, findings)[ChatMessageFields.FileFile];
        if (file.IsMissing)
            return;
        var members = ChatMessageFields.File.Read(file, findings);
        json.WriteStartObject();
        json.WriteString("type", "document");
        WriteData(members[ChatMessageFields.FileData], ChatMessageFields.FileData, "expected a `data:` address in base64");
        json.CopyIfThere("title", members[ChatMessageFields.FileName]);
        json.WriteEndObject();
    }

    private void WriteAddress(JsonValue url)
    {
        json.WriteStartObject("source");
        json.WriteString("type", "url");
        json.Copy("url", url);
        json.WriteEndObject();
    }

    /// <summary>RFC 2397, in base64; parameters of the type are left out.</summary>
    private void WriteData(JsonValue url, Field field, string expected)
    {
        var text = url.Inner;
        var comma = text.IndexOf((byte)',');
        var head = comma < 0 ? [] : text[..comma];
        if (!head.StartsWith("data:"u8) || !head.EndsWith(";base64"u8))
        {
            findings.Refuse(ApiErrors.InvalidValue(field.Path, expected));
            return;
        }
        var type = head["data:"u8.Length..];
        json.WriteStartObject("source");
        json.WriteString("type", "base64");
        json.Joined("media_type", type[..type.IndexOf((byte)';')]);
        json.Joined("data", text[(comma + 1)..]);
        json.WriteEndObject();
    }

    private static bool IsAddress(ReadOnlySpan<byte> url) => url.StartsWith("http:"u8) || url.StartsWith("https:"u8);
}
