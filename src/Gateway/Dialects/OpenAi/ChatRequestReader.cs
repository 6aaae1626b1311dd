using System.Text.Json;
using Platform.Gateway.Errors;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Dialects.OpenAi;

/// <summary>
/// Reads a chat completion's body, or a completion's, in one pass over its bytes. Members that we read and that stand twice are refused,
/// however they are spelt (<c>"mod\u0065l"</c>), because an engine might read the other one.
/// </summary>
internal ref struct ChatRequestReader
{
    private const int MaxDepth = 128;

    private readonly bool _isChat;
    private readonly string _prompt;
    private Utf8JsonReader _reader;
    private ApiError? _error;
    private string? _model;
    private Range _modelValue;
    private int? _messagesBytes;
    private int _fileBytes;

    /// <summary>Null where the member is missing, -1 where it is no number that counts.</summary>
    private long? _maxTokens;
    private long? _maxCompletionTokens;
    private bool? _stream;
    private Range? _streamOptionsValue;
    private bool? _includeUsage;
    private bool? _continuousUsage;
    private List<Range>? _otherStreamOptions;

    private ChatRequestReader(ReadOnlySpan<byte> body, bool isChat)
    {
        _reader = new(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        (_isChat, _prompt) = (isChat, isChat ? "messages" : "prompt");
    }

    /// <param name="isChat">It has <c>messages</c>; else a <c>prompt</c>, which is text, texts or tokens.</param>
    public static Result<ChatRequest> Read(ReadOnlySpan<byte> body, bool isChat = true)
    {
        try
        {
            return new ChatRequestReader(body, isChat).ReadBody();
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

    private Result<ChatRequest> ReadBody()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject)
            return ApiErrors.NotJson;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
            ReadMember();
        var end = (int)_reader.TokenStartIndex;
        _reader.Read();
        if (_error is null && _model is null)
            return ApiErrors.Missing("model");
        if (_error is null && _messagesBytes is null)
            return ApiErrors.Missing(_prompt);
        return _error is { } error
            ? error
            : new ChatRequest
            {
                Model = _model!,
                ModelValue = _modelValue,
                Streamed = _stream ?? false,
                PromptBytes = _messagesBytes!.Value,
                FileBytes = _fileBytes,
                MaxOutputTokens = Math.Max(_maxTokens ?? -1, _maxCompletionTokens ?? -1) is >= 0 and var most ? most : null,
                IncludeUsage = _includeUsage ?? false,
                ContinuousUsage = _continuousUsage ?? false,
                StreamOptionsValue = _streamOptionsValue,
                OtherStreamOptions = _otherStreamOptions ?? [],
                End = end,
            };
    }

    private void ReadMember()
    {
        if (_reader.ValueTextEquals("model"u8))
            ReadModel();
        else if (_reader.ValueTextEquals(_prompt))
            ReadPrompt();
        else if (_reader.ValueTextEquals("stream"u8))
            _stream = ReadFlag("stream", _stream);
        else if (_reader.ValueTextEquals("stream_options"u8))
            ReadStreamOptions();
        else if (_reader.ValueTextEquals("max_tokens"u8))
            _maxTokens = ReadMost("max_tokens", _maxTokens);
        else if (_reader.ValueTextEquals("max_completion_tokens"u8))
            _maxCompletionTokens = ReadMost("max_completion_tokens", _maxCompletionTokens);
        else
            _reader.Skip();
    }

    private void ReadModel()
    {
        var twice = _model is not null;
        _reader.Read();
        if (twice)
            Refuse(ApiErrors.Duplicate("model"));
        if (_reader.TokenType != JsonTokenType.String)
        {
            Refuse(ApiErrors.WrongType("model", "a string"));
            _reader.Skip();
            return;
        }
        _model = _reader.GetString();
        _modelValue = (int)_reader.TokenStartIndex..(int)_reader.BytesConsumed;
    }

    private void ReadPrompt()
    {
        if (_messagesBytes is not null)
            Refuse(ApiErrors.Duplicate(_prompt));
        _reader.Read();
        var start = _reader.TokenStartIndex;
        if (!_isChat)
        {
            if (_reader.TokenType is not (JsonTokenType.String or JsonTokenType.StartArray))
                Refuse(ApiErrors.WrongType(_prompt, "a string or an array"));
            _reader.Skip();
        }
        else if (_reader.TokenType != JsonTokenType.StartArray)
        {
            Refuse(ApiErrors.WrongType("messages", "an array of objects"));
            _reader.Skip();
        }
        else if (_reader.Read() && _reader.TokenType == JsonTokenType.EndArray)
        {
            Refuse(ApiErrors.EmptyArray("messages"));
        }
        else
        {
            do
            {
                if (_reader.TokenType != JsonTokenType.StartObject)
                    Refuse(ApiErrors.WrongType("messages", "an array of objects"));
                PassMessage();
            }
            while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray);
        }
        _messagesBytes = (int)(_reader.BytesConsumed - start);
    }

    /// <summary>A file by its id is refused: nobody could say whose it is, where tenants share a provider's key.</summary>
    private void PassMessage()
    {
        var depth = _reader.CurrentDepth;
        if (_reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return;
        while (_reader.Read() && _reader.CurrentDepth > depth)
        {
            if (_reader.TokenType == JsonTokenType.String)
                _fileBytes += FileText.Excess(_reader.ValueSpan);
            else if (_reader.TokenType == JsonTokenType.PropertyName && _reader.ValueTextEquals("file_id"u8) && _reader.Read() && _reader.TokenType != JsonTokenType.Null)
                Refuse(ApiErrors.NotSupported("file_id"));
        }
    }

    private void ReadStreamOptions()
    {
        if (_streamOptionsValue is not null)
            Refuse(ApiErrors.Duplicate("stream_options"));
        _reader.Read();
        var start = (int)_reader.TokenStartIndex;
        if (_reader.TokenType == JsonTokenType.StartObject)
        {
            while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
                ReadStreamOption();
        }
        else if (_reader.TokenType != JsonTokenType.Null)
        {
            Refuse(ApiErrors.WrongType("stream_options", "an object"));
            _reader.Skip();
        }
        _streamOptionsValue = start..(int)_reader.BytesConsumed;
    }

    private void ReadStreamOption()
    {
        if (_reader.ValueTextEquals("include_usage"u8))
        {
            _includeUsage = ReadFlag("stream_options.include_usage", _includeUsage);
        }
        else if (_reader.ValueTextEquals("continuous_usage_stats"u8))
        {
            _continuousUsage = ReadFlag("stream_options.continuous_usage_stats", _continuousUsage);
        }
        else
        {
            var start = (int)_reader.TokenStartIndex;
            _reader.Skip();
            (_otherStreamOptions ??= []).Add(start..(int)_reader.BytesConsumed);
        }
    }

    /// <summary>Whether the engine takes another kind of value is its own business.</summary>
    private long ReadMost(string name, long? before)
    {
        if (before is not null)
            Refuse(ApiErrors.Duplicate(name));
        _reader.Read();
        var value = _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out var number) ? Math.Max(-1, number) : -1;
        _reader.Skip();
        return value;
    }

    /// <summary>True, false, or null as false.</summary>
    private bool ReadFlag(string name, bool? before)
    {
        if (before is not null)
            Refuse(ApiErrors.Duplicate(name));
        _reader.Read();
        if (_reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
            Refuse(ApiErrors.WrongType(name, "a boolean"));
        var value = _reader.TokenType == JsonTokenType.True;
        _reader.Skip();
        return value;
    }

    /// <summary>The first fault is the one to tell, once the whole body is known to be JSON.</summary>
    private void Refuse(ApiError error) => _error ??= error;
}
