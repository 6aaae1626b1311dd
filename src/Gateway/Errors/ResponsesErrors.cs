using Platform.Contracts.Ids;

namespace Platform.Gateway.Errors;

/// <summary>OpenAI's in bodies; in streams the event <c>error</c> of the Responses API (<c>ResponseErrorEvent</c>).</summary>
internal sealed class ResponsesErrors : ErrorShape
{
    public static readonly ResponsesErrors Shape = new();

    public override byte[] Body(ApiError error, RequestId id) => OpenAiErrors.Shape.Body(error, id);

    public override byte[] Event(ApiError error, RequestId id, long sequence) =>
    [
        .. "event: error\ndata: "u8,
        .. Json(json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "error");
            json.WriteString("code", error.Code);
            json.WriteString("message", error.Message);
            json.WriteString("param", error.Param);
            json.WriteNumber("sequence_number", sequence);
            json.WriteEndObject();
        }),
        .. "\n\n"u8,
    ];
}
