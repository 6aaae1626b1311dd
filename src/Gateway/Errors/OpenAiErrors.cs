using Platform.Contracts.Ids;

namespace Platform.Gateway.Errors;

/// <summary>OpenAI's: <c>{"error":{"message":...,"type":...,"param":...,"code":...}}</c>, all four always written.</summary>
internal sealed class OpenAiErrors : ErrorShape
{
    public static readonly OpenAiErrors Shape = new();

    public override byte[] Body(ApiError error, RequestId id) => Json(json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", error.Message);
        json.WriteString("type", error.Type);
        json.WriteString("param", error.Param);
        json.WriteString("code", error.Code);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    public override byte[] Event(ApiError error, RequestId id, long sequence) => [.. "data: "u8, .. Body(error, id), .. "\n\n"u8];
}
