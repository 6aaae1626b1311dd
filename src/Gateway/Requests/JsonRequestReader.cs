using System.Text.Json;
using Platform.Gateway.Errors;

namespace Platform.Gateway.Requests;

/// <summary>
/// Reads a JSON body in one pass over its bytes. Members that we read and that stand twice are refused, however they are
/// spelt (<c>"mod\u0065l"</c>), because an engine might read the other one.
/// </summary>
internal ref struct JsonRequestReader
{
    private const int MaxDepth = 128;

    private readonly BodyShape _shape;
    private readonly Range?[] _values;
    private Utf8JsonReader _reader;
    private ApiError? _error;
    private string? _model;
    private bool _streamed;
    private int _promptBytes;
    private int _fileBytes;
    private long? _maxOutputTokens;

    private JsonRequestReader(ReadOnlySpan<byte> body, BodyShape shape)
    {
        _reader = new(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        _shape = shape;
        _values = new Range?[shape.Members.Count];
    }

    public static Result<JsonRequest> Read(ReadOnlySpan<byte> body, BodyShape shape)
    {
        try
        {
            return new JsonRequestReader(body, shape).ReadBody();
        }
        catch (JsonException)
        {
            return ApiErrors.NotJson;
        }
        catch (InvalidOperationException)
        {
            // A text that is not UTF-8, or has an escape that is no character.
            return ApiErrors.NotJson;
        }
    }

    private Result<JsonRequest> ReadBody()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject)
            return ApiErrors.NotJson;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
            ReadMember(_shape.Find(ref _reader));
        var end = (int)_reader.TokenStartIndex;
        _reader.Read();
        for (var i = 0; _error is null && i < _values.Length; i++)
        {
            if (_values[i] is null && _shape.Members[i].Required)
                _error = ApiErrors.Missing(_shape.Members[i].Name);
        }
        return _error is { } error
            ? error
            : new JsonRequest
            {
                Model = _model!,
                Streamed = _streamed,
                PromptBytes = _promptBytes,
                FileBytes = _fileBytes,
                MaxOutputTokens = _maxOutputTokens,
                Shape = _shape,
                Values = _values,
                End = end,
            };
    }

    private void ReadMember(int index)
    {
        if (index < 0)
        {
            _reader.Skip();
            return;
        }
        var member = _shape.Members[index];
        if (_values[index] is not null)
            Refuse(ApiErrors.Duplicate(member.Name));
        _reader.Read();
        var start = (int)_reader.TokenStartIndex;
        if (!member.Kinds.HasFlag(KindOf(_reader.TokenType)))
            Refuse(ApiErrors.WrongType(member.Name, member.Expected()));
        else if (ReferenceEquals(member, BodyShape.Model))
            _model = _reader.GetString();
        else if (ReferenceEquals(member, BodyShape.Stream))
            _streamed = _reader.TokenType == JsonTokenType.True;
        else if (member.IsOutputLimit && _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out var most) && most >= 0)
            _maxOutputTokens = most;
        Pass(member);
        _values[index] = start..(int)_reader.BytesConsumed;
        if (member.IsPrompt)
            _promptBytes += (int)_reader.BytesConsumed - start;
    }

    /// <summary>To the end of the value.</summary>
    private void Pass(BodyMember member)
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            _reader.Skip();
            return;
        }
        var depth = _reader.CurrentDepth;
        if (_reader.Read() && _reader.TokenType == JsonTokenType.EndArray && !member.MayBeEmpty)
            Refuse(ApiErrors.EmptyArray(member.Name));
        do
        {
            if (member.IsPrompt && _reader.TokenType == JsonTokenType.String)
                _fileBytes += FileText.Excess(_reader.ValueSpan);
        }
        while (_reader.CurrentDepth > depth && _reader.Read());
    }

    /// <summary>The first fault is the one to tell, once the whole body is known to be JSON.</summary>
    private void Refuse(ApiError error) => _error ??= error;

    private static JsonKinds KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.String => JsonKinds.Text,
        JsonTokenType.Number => JsonKinds.Number,
        JsonTokenType.True or JsonTokenType.False => JsonKinds.Flag,
        JsonTokenType.StartObject => JsonKinds.Object,
        JsonTokenType.StartArray => JsonKinds.Array,
        _ => JsonKinds.Null,
    };
}
