// The guide in Preact: its views; `model.js` says what is left out.
import { render } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { OUTSIDE, wording } from "./decide.js";
import { define, lines, readCommunes, result, say, stepWords, Visit } from "./model.js";

const Pictogram = ({ d }) =>
  d ? (
    <svg class="pictogram" viewBox="0 0 24 24" aria-hidden="true">
      <path d={d} />
    </svg>
  ) : null;

const Choices = ({ question, chosen, text, answer }) => (
  <ul class="choices" role="list" aria-labelledby="question" aria-describedby={question.help ? "help" : undefined}>
    {question.kind.choices.map(({ id, text: words, help, pictogram }) => (
      <li key={`${question.id} ${id}`}>
        <button type="button" class="choice" value={id} aria-current={chosen === id ? "true" : undefined} onClick={() => answer(id)}>
          <span class="words">
            <span>{text(words)}</span>
            {help && <span class="hint">{text(help)}</span>}
          </span>
          <Pictogram d={pictogram} />
        </button>
      </li>
    ))}
  </ul>
);

function Commune({ guide, chosen, heading, back, answer }) {
  const [search, setSearch] = useState(readCommunes.search);
  const [typed, setTyped] = useState(() => search?.commune(chosen)?.name ?? "");
  const [code, setCode] = useState(chosen === OUTSIDE ? undefined : chosen);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [error, setError] = useState("");
  useEffect(() => void readCommunes().then(setSearch), []);
  const { rows, said } = search && !code ? lines(search, guide, typed) : { rows: [], said: "" };
  const shown = open ? rows : [];
  const choose = (row) => {
    setTyped(row.today);
    setCode(row.code);
    setOpen(false);
    setActive(-1);
    setError("");
  };
  const press = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && rows.length) {
      setOpen(true);
      setActive((active + step + rows.length) % rows.length);
    } else if (event.key === "Enter" && shown[active]) choose(shown[active]);
    else if (event.key === "Escape") setOpen(false);
    else return;
    event.preventDefault();
  };
  const goOn = (event) => {
    event.preventDefault();
    if (code) answer(code);
    else if (rows.length === 1) answer(rows[0].code);
    else setError(say(typed.trim() ? "commune_several" : "commune_none_typed"));
  };
  return (
    <form noValidate onSubmit={goOn}>
      <div class="field">
        {heading}
        <label class="label" for="commune">{say("commune_label")}</label>
        <p class="error" id="error" role="alert">{error}</p>
        <div class="combobox">
          <input
            id="commune"
            type="text"
            role="combobox"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            aria-autocomplete="list"
            aria-controls="communes"
            aria-describedby="error"
            aria-expanded={shown.length > 0 ? "true" : "false"}
            aria-invalid={error ? "true" : "false"}
            aria-activedescendant={shown[active] ? `commune-${active}` : undefined}
            value={typed}
            onInput={({ currentTarget }) => {
              setTyped(currentTarget.value);
              setCode(undefined);
              setOpen(true);
              setActive(-1);
              setError("");
            }}
            onKeyDown={press}
            onBlur={() => setOpen(false)}
          />
          <ul id="communes" role="listbox" aria-label={say("communes")} hidden={!shown.length} onMouseDown={(event) => event.preventDefault()}>
            {shown.map((row, index) => (
              <li key={index} role="option" id={`commune-${index}`} aria-selected={index === active ? "true" : "false"} onClick={() => choose(row)}>
                <span>{row.name}</span> <span class="hint">{row.place}</span>
              </li>
            ))}
          </ul>
        </div>
        <p class="status" role="status">{search ? said : say("loading")}</p>
        <button type="button" class="button quiet" onClick={() => answer(OUTSIDE)}>{say("commune_outside")}</button>
      </div>
      <div class="actions">
        {back}
        <button type="submit" class="button primary" part="button primary">{say("go_on")}</button>
      </div>
    </form>
  );
}

const Ways = ({ ways, look }) => (
  <p class="ways">
    {ways.map(({ says, href }) => (
      <>
        {" "}
        <a class={look} href={href} {...(href.startsWith("http") ? { target: "_blank", rel: "noopener" } : {})}>{says}</a>
      </>
    ))}
  </p>
);

const More = ({ title, children }) => (
  <details class="more">
    <summary>{say(title)}</summary>
    {children}
  </details>
);

const Place = ({ card }) => (
  <>
    <dl class="details">
      {card.details.map(({ label, values, mail, href }) => (
        <>
          <dt class="label">{label}</dt>
          <dd>
            {values.map((value) => (
              <div>{mail || href ? <a href={href || `mailto:${value}`}>{value}</a> : <bdi>{value}</bdi>}</div>
            ))}
          </dd>
        </>
      ))}
    </dl>
    <p class="freshness">
      <span>{card.freshness[0]}</span> {card.freshness[1] && <strong>{card.freshness[1]}</strong>}
    </p>
  </>
);

const Why = ({ card }) => (
  <div class="why">
    {card.reason && <p class="reason">{card.reason}</p>}
    <details class="meaning">
      <summary>{say("why")}</summary>
      {card.meaning.map((line) => (
        <p>{line}</p>
      ))}
    </details>
  </div>
);

const Others = ({ card }) =>
  card.others.length > 0 && (
    <More title="other_places">
      <ul>
        {card.others.map(({ name, short, address, ways }) => (
          <li>
            <p>
              <strong>{name}</strong> <span class="hint">{short}</span>
            </p>
            <div>{address.map((line) => <div>{line}</div>)}</div>
            <Ways ways={ways} />
          </li>
        ))}
      </ul>
    </More>
  );

const Card = ({ card, main }) => (
  <article class={main ? "card main" : "card"}>
    <h3 class="name">
      <Pictogram d={card.drawing} />
      <span>{card.name}</span>
    </h3>
    {card.network && <p class="network">{card.network}</p>}
    {card.where && <p class="where">{card.where}</p>}
    {card.unknown && <p class="hint hours-unknown">{card.unknown}</p>}
    <Ways ways={card.ways} look="button" />
    <Why card={card} />
    {card.details && (
      <More title="place_details">
        <Place card={card} />
      </More>
    )}
    {main && card.preparation && (
      <More title="prepare">
        {card.preparation.map(({ label, value }) => (
          <>
            <p class="label">{label}</p>
            <p>{value}</p>
          </>
        ))}
      </More>
    )}
    <Others card={card} />
  </article>
);

const List = ({ cards }) => (
  <ul class="list">
    {cards.map((card) => (
      <li class="card complement">
        <details>
          <summary>
            <Pictogram d={card.drawing} />
            <strong>{card.name}</strong> {card.short && <span class="hint">{card.short}</span>}
          </summary>
          {card.network && <p class="network">{card.network}</p>}
          {card.unknown && <p class="hint hours-unknown">{card.unknown}</p>}
          <Why card={card} />
          {card.details && <Place card={card} />}
          <Others card={card} />
        </details>
        <Ways ways={card.ways} />
      </li>
    ))}
  </ul>
);

function Result({ guide, answers, answered, text, change, restart, tell }) {
  const [found, setFound] = useState();
  const heading = useRef();
  useEffect(() => void result(guide, answers).then(setFound), []);
  useLayoutEffect(() => heading.current.focus(), []);
  useLayoutEffect(() => {
    if (found) tell("result", { kind: found.kind });
  }, [found]);
  return (
    <>
      <h2 class="heading" tabIndex={-1} ref={heading}>
        <span>{found?.title ?? say("go_first")}</span>
      </h2>
      <div class="result">
        {found ? (
          <>
            <div class="column">
              <Card card={found.main} main />
              {found.reception && <h3 class="subheading">{say("reception")}</h3>}
              {found.reception && <Card card={found.reception} />}
            </div>
            <div class="column">
              {found.complements.length > 0 && <h3 class="subheading">{say("complements")}</h3>}
              {found.complements.length > 0 && <List cards={found.complements} />}
              {found.more.length > 0 && (
                <More title="more_complements">
                  <List cards={found.more} />
                </More>
              )}
              {found.remote.length > 0 && (
                <More title="remote_services">
                  <ul class="remote">
                    {found.remote.map(({ name, description, ways }) => (
                      <li>
                        <strong>{name}</strong> <span>{description}</span>
                        <Ways ways={ways} />
                      </li>
                    ))}
                  </ul>
                </More>
              )}
              <More title="your_answers">
                <ul class="answers">
                  {answered.map((question) => {
                    const given = answers[question.id];
                    const choice = question.kind.choices?.find(({ id }) => id === given);
                    const said = choice ? text(choice.text) : (readCommunes.search.commune(given)?.name ?? say("outside"));
                    return (
                      <li>
                        <span class="asked">{text(wording(guide, question, answers))}</span> <strong>{said}</strong>{" "}
                        <button type="button" class="button quiet" onClick={() => change(question.id)}>{say("change")}</button>
                      </li>
                    );
                  })}
                </ul>
              </More>
            </div>
          </>
        ) : (
          <p class="status" role="status">{say("loading")}</p>
        )}
      </div>
      <div class="actions">
        <button type="button" class="button" onClick={restart}>{say("restart")}</button>
      </div>
    </>
  );
}

function Guide({ guide, tell }) {
  const visit = useRef(new Visit());
  const [turn, setTurn] = useState(0);
  const heading = useRef();
  const go = (act) => {
    act(visit.current);
    setTurn(turn + 1);
    readCommunes();
  };
  const text = (slot) => guide.texts[slot.text];
  const screen = visit.current.screen(guide);
  const { question, answers, answered, number, chosen } = screen;
  useLayoutEffect(() => {
    if (turn) heading.current?.focus();
    if (question) tell("step", { question: question.id, number });
  }, [turn]);
  let shown;
  if (question) {
    const title = (
      <>
        <h2 class="heading" id="question" tabIndex={-1} ref={heading}>{text(wording(guide, question, answers))}</h2>
        {(question.optional || question.help) && (
          <p class="help" id="help">
            {question.optional && <span>{say("optional")} </span>}
            {question.help && <span>{text(question.help)}</span>}
          </p>
        )}
      </>
    );
    const back = number > 1 && (
      <button type="button" class="button" part="button back" onClick={() => go((one) => one.back(guide))}>{say("back")}</button>
    );
    const answer = (choice) => go((one) => one.answer(question.id, choice));
    shown = (
      <>
        <p class="step">{stepWords(screen)}</p>
        {question.kind.choices ? (
          <div key={question.id}>
            {title}
            <Choices question={question} chosen={chosen} text={text} answer={answer} />
            {back && <div class="actions">{back}</div>}
          </div>
        ) : (
          <Commune guide={guide} chosen={chosen} heading={title} back={back} answer={answer} />
        )}
      </>
    );
  } else {
    const change = (id) => go((one) => (one.asking = id));
    const restart = () => go((one) => Object.assign(one, new Visit()));
    shown = <Result key={turn} {...{ guide, answers, answered, text, change, restart, tell }} />;
  }
  return (
    <section class="guide" lang="fr" aria-label={say("title")}>
      <div class="screen">{shown}</div>
      <p class="privacy">
        <span>{say("privacy")}</span>
      </p>
    </section>
  );
}

define((root, guide, tell) => render(<Guide guide={guide} tell={tell} />, root));
