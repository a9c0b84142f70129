import { foldWords } from './normalise-text.ts';

// Wordings by which a reasonable person takes consent back (47 CFR 64.1200(a)(10)). The rules say what was written, in the order below; what a
// rule does not know stays a message, which somebody at the practice reads. A wrong hit costs the patient one confirmation that says how to
// come back; a miss costs them unwanted texts until somebody reads it. Examples and hard negatives: fixtures/revocation-phrases.ts.

export interface Revocation {
  /** The rule that fitted, for the record. */
  readonly rule: string;
  /** The phone belongs to somebody else now: what was consented to for it is void (T20). */
  readonly wrongNumber: boolean;
}

interface Rule {
  readonly rule: string;
  readonly pattern: RegExp;
  readonly wrongNumber?: true;
}

const TEXTS =
  '(?:texts?|txts?|messages?|messeges?|mesages?|msgs?|sms|reminders?|notifications?|alerts?|updates?)';
const TEXTING =
  '(?:text|txt|messag|messeg|mesag|msg|contact|notify|bother|spamm?|pester|harass|bug|annoy|write|remind|email)';
/** Asked for, not asked about: "could you not text me", and no "did you not text me". */
const WOULD_YOU_NOT = '(?:can|could|would|will) (?:you|u|yall|you guys) (?:please |pls )?not';
const TO_US = '(?:here|to (?:me|us|(?:this|my) (?:number|phone|cell)))';
const TO_ME = '(?: (?:me|us|here|this (?:number|phone|cell)|my (?:number|phone|cell)))';
/** Whom or what it is about where it is not our texts to the writer. */
const OTHERS =
  '(?! (?:you|u|yall|him|her|them|people|my (?!number|phone|cell)|the |a |dr|doctor|while|and driv\\w*)\\b)';
const MENSAJES =
  '(?:mensajes?|mensajitos?|textos?|sms|msjs?|recordatorios?|notificaciones?|avisos?|alertas?)';

/** Said of something else, or not said: voids the sentence, or the clause, that it stands in, and nothing beside it. */
const NOT_MEANT: readonly RegExp[] = [
  // "please don't stop", "she won't stop texting me", "I never said stop"
  /\b(?:dont|do not|never|wont|will not|wouldnt|cant|cannot|didnt|did not|doesnt|not) (?:want (?:you )?to |say |said |mean to |mean |ask (?:you )?(?:guys )?to |like to )?(?:stop|unsubscribe|opt out|quit|cancel|leave me)\b(?! you)/u,
  // "did I opt out by mistake", "why did the texts stop", "I stopped getting texts"
  /\b(?:why|when|how come) (?:did|have|has|do) (?:the|my|your|i) (?:(?!(?:please|pls|plz|just|getting|receiving|get|receive)\b).)*\bstop/u,
  /\b(?:did|have|has) (?:you|u|yall|they|he|she|(?:the|your|my) \w+)(?: guys| all)? stop\b/u,
  /\b(?:texts?|messages?|reminders?) (?:just |have |has )?(?:stopped|stop coming)\b/u,
  /\bi (?:have )?(?:just )?stopped (?:getting|receiving)\b/u,
  // "I texted stop by mistake", "did I opt out by accident"; not "I signed up by mistake"
  /^(?=.*\b(?:by (?:mistake|accident)|on accident|accidentally|(?:was|were) (?:a|my|an) (?:mistake|accident))\b).*\b(?:(?:text|typ|sen[dt]|said|say|hit|press|push|repl|wrote|writ|answer|click|tap)\w*(?: \w+){0,3} (?:stop|end|quit|cancel|unsubscribe)|did i (?:opt out|unsubscribe|stop|cancel|end)|opted (?:myself |me )?out|unsubscribed|cancell?ed|(?:got|was|been|were) (?:taken off|removed|opted out)|i (?:have )?stopped)\b/u,
  // "should I stop", "can I stop texting you and call"
  /\b(?:should|can|could|may|do|must|when do|when can|when should|did|if) i (?:have to |need to |just )?(?:stop|quit|end|cancel)\b(?!.*\b(?:these|those|your|the|getting|receiving) (?:\w+ )?(?:texts?|messages?|reminders?|notifications?)\b)/u,
  /\b(?:told|tells|asked|says|said) (?:me )?(?:to|i should|i can|i could) (?:stop|quit)\b/u,
  /\b(?:no|never) (?:me )?(?:dejen|deje|dejes|paren|pare) de (?:mandar|enviar|escribir|textear|avisar|recordar)/u,
  /\b(?:por que|porque) (?:dejaron|pararon|ya no) /u,
  /\bno (?:queria|quise|quiero) (?:cancelar|darme de baja|parar|dejar)\b/u,
  // "mandé STOP por error", "me di de baja por error"; not "me los mandan por error"
  /^(?=.*\b(?:por (?:error|equivocacion|accidente)|sin querer)\b).*\b(?:(?:mande|escribi|puse|envie|conteste|respondi|apreti?e|teclee|di)(?: \w+){0,2} (?:stop|alto|baja|cancelar|parar?|basta)|cancele|me (?:borre|quite|sali)|me (?:borraron|quitaron|sacaron|dieron de baja))\b/u,
  /\b(?:puedo|debo|tengo que|deberia|puede) (?:ya )?(?:dejar|parar|suspender|cancelar)\b(?!.*\bmensajes?\b)/u,
];

const RULES: readonly Rule[] = [
  // The phone has another owner, or never had this one.
  {
    rule: 'en.wrong-number',
    wrongNumber: true,
    pattern:
      /(?<!\bi (?:texted|called|dialed|messaged|wrote|sent|gave|typed|used|put|entered|had)(?: \w{1,12}){0,4} )\b(?:wrong|incorrect) (?:number|person|phone|cell|contact|guy|lady|man|woman)\b(?! of\b)(?!.*\b(?:on (?:my|the)|in (?:my|the)|for (?:my|the)|listed|pharmacy|insurance)\b)/u,
  },
  {
    rule: 'en.not-them',
    wrongNumber: true,
    pattern:
      /\b(?:this (?:is (?:not|no longer)|isnt) (?:\w+ ){0,2}(?:number|phone|cell)\b|this (?:is not|isnt) \w+ (?:number|phone)\b|not (?:his|her|their|that persons?) (?:number|phone)|(?:no one|nobody) (?:here )?(?:by|with|called|named) (?:that|this|\w+)(?: name)?(?: here| lives here)?$|(?:there is|theres|we have) no(?:body)? \w+ (?:at|on|here|with)(?: this)? ?(?:number|phone|cell)?$|(?:i )?(?:dont|do not) know (?:any|a) \w+(?: \w+)?(?: stop| wrong)\b|(?:i )?(?:just )?got this (?:new )?(?:number|phone) (?:recently|last|this|a)\b|you have the wrong$|you (?:have|got) (?:this|my) (?:number|phone) by (?:mistake|accident|error))/u,
  },
  {
    rule: 'es.wrong-number',
    wrongNumber: true,
    pattern:
      /(?<!\b(?:di|mande|escribi|llame|puse|marque)(?: \w{1,12}){0,4} )\b(?:(?:numero|telefono|celular|persona) (?:equivocad[oa]|incorrect[oa])(?! (?:de|en|para) (?:la |las |el |los |mi |mis )?(?:pastilla|receta|dosis|farmacia|expediente|seguro|poliza|sistema|cuenta|medic|tableta|cita|dia)\w*)|(?:se|te) (?:equivoc\w+|confundi\w+) de (?:numero|telefono|persona)|este (?:ya )?no es (?:el|su) (?:numero|telefono|celular)|aqui no (?:vive|hay|conocemos a?) (?:nadie|ningun\w*|ninguna)|(?:yo )?no soy (?:esa persona|la persona que|el paciente que)|no conozco a (?:nadie|ningun\w*|esa persona))\b/u,
  },
  {
    rule: 'en.opt-out',
    pattern:
      /\b(?:(?:un ?subscribe|un ?enroll|un ?register|de ?register|unsub|un ?suscribe|unsubscibe|unsubcribe|unsuscribe)(?: me| us| this number)?(?: from| please| now| all|$)|opt(?:ing|ed)? (?:me |us |this number )?out(?! (?:of|from) (?!(?:the |these |those |your |all |any |this |further |future |text |receiving |getting |ur )*(?:text|sms|mess|msg|remind|notif|alert|service|program|this$|these$|list|it$|contact|communicat)))|(?:want|like|need|trying|wish) to (?:unsubscribe|be unsubscribed)|how (?:do|can) i (?:unsubscribe|opt out))\b/u,
  },
  {
    rule: 'en.stop-texting',
    pattern: new RegExp(
      `\\b(?:stop|quit|cease|end|discontinue|halt|no longer|enough(?: with| of)?|please no more|rather you (?:didnt|not)|sick of you|tired of you) (?:all |with )?(?:the |these |this |those |your |all |any |automated |annoying |constant |stupid |damn |fucking |f ing )*(?:${TEXTING}ing|${TEXTING}in|spamming|send(?:ing|in)? (?:me |us )?(?:these |those |your |the |any |more |all )*(?:${TEXTS}|this|stuff|things|crap|shit)|sending$|sending me$)${OTHERS}\\b`,
      'u',
    ),
  },
  {
    rule: 'en.stop-sending-me',
    pattern:
      /\bstop (?:sending (?:me |us )?|getting |receiving )(?:these|those|this|stuff|anything|things|it|them)?(?: to (?:me|us|(?:my|this) (?:number|phone|cell)))?(?: please| now| anymore| any more)?$|^stop (?:please )?(?:im|i am) (?:not|no longer) |^(?:i )?want (?:off|out)(?: of)? (?:this|your|the|these) (?:list|texts?|messages)/u,
  },
  {
    rule: 'en.stop-texts',
    pattern: new RegExp(
      `\\b(?:stop|quit|end|cancel|cease|discontinue|revoke|remove|turn off|shut off|unsubscribe(?: me)? from|how do i (?:stop|end|turn off)) (?:all |with |w |getting |receiving |me from |my )*(?:of )?(?:the |these |this |those |your |all |any |future |further |automated |auto |annoying |daily |text |sms )*${TEXTS}\\b`,
      'u',
    ),
  },
  {
    rule: 'en.no-more-texts',
    pattern: new RegExp(
      `\\b(?:no more|no further|enough(?: with)?|done with|sick of|tired of|not interested in)(?: of)? (?:the |these |this |those |your |all |any |getting |receiving |automated |annoying |text |sms |more )*${TEXTS}\\b`,
      'u',
    ),
  },
  {
    rule: 'en.do-not-text',
    pattern: new RegExp(
      `\\b(?:do not|dont|never|not to|you may not|you cant|you can not|please not|${WOULD_YOU_NOT}) (?:ever |you ever |keep |you )?(?:${TEXTING}(?:e|ing)?|message|send)(?:${TO_ME}|(?: me)? (?:${TEXTS}|anything)(?: ${TO_US})?| me (?:these|this|those)| (?:these|this|those) ${TO_US}|(?: any)? more(?: ${TEXTS})?)(?: (?:again|anymore|any more|ever|please|no more|any longer|period|at all|texts?|messages?|stop))*$`,
      'u',
    ),
  },
  {
    rule: 'en.do-not-text-anymore',
    pattern: new RegExp(
      `\\b(?:do not|dont|never|${WOULD_YOU_NOT}) (?:ever )?(?:${TEXTING}e?|message|send)(?: me| us| this number| here)?(?: (?:any )?(?:texts?|messages?|of these)| about (?:this|that|it|anything))? ?(?:again|anymore|any more|ever again|no more|any longer)\\b`,
      'u',
    ),
  },
  {
    rule: 'en.do-not-want',
    pattern: new RegExp(
      `\\b(?:dont|do not|no longer|didnt|did not|never|wont be|wont)(?: wanna| want| wish| need(?:ing)?| agree(?:d)?| consent(?:ed)?| ask(?:ed)?| like| care| sign(?:ed)? up)(?: to| for| about| you to| u to)*(?: be| get| getting| receive| receiving| have| any| more| no more| these| those| your| ur| the| text| sms| further| all| future| being| to)* (?:${TEXTS}|texted|messaged|contacted|texting)\\b(?!.*\\b(?:at work|instead of calls?|results)\\b)`,
      'u',
    ),
  },
  {
    rule: 'en.make-stop',
    pattern: new RegExp(`\\b(?:make|get) (?:all )?(?:the|these|those|your) ${TEXTS} (?:to )?stop\\b`, 'u'),
  },
  {
    rule: 'en.not-allowed',
    pattern: new RegExp(
      `\\b(?:no need|(?:do not|dont) (?:authorize|authorise|allow|permit|need|give you permission)(?: you| anyone| your office)?)(?: to)? (?:keep )?(?:${TEXTING}(?:ing)?|message|send)(?: me| us| this number)?(?: (?:any more|anymore|any longer|again|${TEXTS}))?$`,
      'u',
    ),
  },
  {
    rule: 'en.rather-not',
    pattern: new RegExp(
      `\\b(?:rather|prefer) not(?: to)? (?:(?:get|getting|receive|receiving|have)(?: (?:any|more|these|those|your|the|text|all|sms))* ${TEXTS}|be (?:texted|messaged))\\b`,
      'u',
    ),
  },
  {
    rule: 'en.off-the-list',
    pattern:
      /\b(?:take|remove|delete|drop|get|scratch|pull) (?:me|us|my (?:number|name|phone|cell|info)|this (?:number|phone|cell)|our number)(?: off| from| out)?(?: of)?(?: (?:your|the|this|these|all|any|that))*(?: (?:text|texting|sms|contact|mailing|call|phone|message))*(?: (?:list|lists|system|database|records|texts?|messages|service|program|alerts|reminders|files?))\b|\b(?:get|be) off (?:of )?(?:your|the|this|these) (?:(?:text|texting|sms|contact|mailing|call|phone|message) )?(?:lists?|texts?|messages)\b|\b(?:be|get|have (?:my|this|our) (?:number|name|phone)) (?:taken|removed|deleted) (?:off|from) (?:of )?(?:your|the|this|these) (?:(?:text|texting|sms|contact|mailing|call|phone|message) )?(?:lists?|system|database|texts?|messages)\b/u,
  },
  {
    rule: 'en.delete-number',
    pattern:
      /\b(?:lose|delete|remove|forget|erase|block|take off) (?:my|this) (?:number|phone|cell)\b|\b(?:remove|take) (?:me|us)(?: off)?(?: please| now)?$|\b(?:take|pull) (?:my|this) (?:number|phone|cell) (?:out|off)$/u,
  },
  {
    rule: 'en.leave-me-alone',
    pattern:
      /\b(?:leave (?:me|us) (?:the (?:\w+ )?)?(?:hell |fuck )?alone|(?:stop|quit) (?:bothering|harassing|contacting|spamming|bugging|pestering|annoying|messing with) (?:me|us)|go away|fuck off|piss off|get lost)\b(?!.*\b(?:pain|cough|rash|ex|boyfriend|husband|neighbou?r|he|she|symptoms?|it wont|headache)\b)/u,
  },
  {
    rule: 'en.do-not-contact',
    pattern:
      /\b(?:do not|dont|never) (?:ever )?(?:contact|bother|disturb|reach out to|communicate with) (?:me|us|this number)\b(?! (?:at|on|during|before|after|until|unless|today|tomorrow|about))/u,
  },
  {
    rule: 'en.revoke',
    pattern:
      /\b(?:i |hereby )*(?:revoke|withdraw|rescind|take back|cancel|am revoking|am withdrawing)(?: my| any| all| the)* (?:consent|permission|authorization|opt in)\b(?!.*\b(?:surgery|procedure|study|trial|release|records)\b)/u,
  },
  {
    rule: 'en.call-only',
    pattern:
      /\b(?:call|phone|phone calls?|calls|email)(?: me)? only\b.*\bno (?:more )?texts?\b|\bno (?:more )?text(?:s|ing)?\b(?: messages?)?(?: please| thanks| thank you)?$/u,
  },
  {
    rule: 'en.not-interested',
    pattern: /^(?:im |i am )?(?:no longer|not) interested(?: anymore| any more| in this)?$/u,
  },
  {
    rule: 'es.baja',
    pattern:
      /\b(?:(?:dar(?:me|nos)?|de(?:n|me|nme|nos)|dame|quiero|solicito|pido)(?: de| la| mi| darme)* baja(?! (?:(?:el|la|los|las|mi|mis|un|una|al?) (?!MENSAJES|servicio|suscripcion|lista|numero|telefono|programa)))|darse de baja|desuscrib\w+|anular (?:la |mi )?suscripcion|cancel(?:ar|en|e|a) (?:la |mi |esta )?suscripcion|(?:cancel(?:ar|en|e)|anul(?:ar|en|e)|deten(?:er|gan|ga)|par(?:ar|en|e)|suspend(?:er|an|a)|elimin(?:ar|en|e)|quit(?:ar|en|e)|termin(?:ar|en|e)) (?:con )?(?:de )?(?:todos )?(?:los |estos |sus |esos |mis |tantos |el |la )*(?:envio de )?MENSAJES)\b/u,
  },
  {
    rule: 'es.dejar-de-enviar',
    pattern:
      /\b(?:deje|dejen|deja|dejar|dejenme|pare|paren|para|parar|basta|cese|cesen|eviten)(?: ya)? (?:de|con) (?:estar )?(?:me )?(?:mand\w+|envi\w+|escrib\w+|texte\w+|mensaje\w+|molest\w+|contact\w+|moles\w+|fastidi\w+|avis\w+|acos\w+|(?:los |estos |sus |esos |tantos )*MENSAJES)\b(?! (?:la |el |las |los )?(?:receta|medicina|factura|medicamento|cuenta|pastilla|a mi (?:mama|hij|espos))\w*)/u,
  },
  {
    rule: 'es.no-me-envien',
    pattern:
      /\b(?:ya )?no (?:me |nos )(?:mand\w+|envi\w+|escrib\w+|texte\w+|contact\w+|molest\w+|fastidi\w+)(?: (?:mas|nunca|jamas|ya|nada|por favor|porfavor|porfa|otra vez|de nuevo|a este (?:numero|telefono|celular)|aqui|ningun|los|estos|sus|esos|tantos|MENSAJES))*$|\b(?:ya )?no (?:me |nos )?(?:mande[ns]?|envi(?:e|en|es)) mas MENSAJES\b(?! al? (?!mi|este))/u,
  },
  {
    rule: 'es.no-envien',
    pattern:
      /\b(?:ya )?no (?:mande[ns]?|envi(?:e|en|es)|escriba[ns]?) (?:mas|nada)?(?: ?(?:de )?(?:sus |estos |esos )?MENSAJES)?$|\b(?:ya )?no (?:mande[ns]?|envi(?:e|en|es)) (?:mas )?(?:sus |estos |esos )?MENSAJES|\bya no (?:manden|envien|escriban)$|\bno (?:mande[ns]?|envi(?:e|en|es)) (?:mas|nada) (?:aqui|a este (?:numero|telefono|celular))$|\bno (?:me )?(?:vuelvan|vuelva|vuelvas) a (?:escrib|mand|envi|texte|contact)\w{1,9}(?: (?:mas )?MENSAJES)?$|\bya no (?:me )?los (?:mande[ns]?|envi(?:e|en|es))(?: mas)?$|\b(?:favor de|pueden|podrian|les pido) (?:ya )?no (?:mandar|enviar)(?:me|nos)? (?:mas |sus |estos |esos |ningun )*MENSAJES/u,
  },
  {
    rule: 'es.no-recibir',
    pattern:
      /\b(?:dejar de|(?:como|que) (?:le )?(?:hago|puedo hacer) para (?:ya )?(?:no|dejar de)|no deseo|no quiero|ya no quiero) (?:seguir )?recib\w+ (?:mas |sus |los |estos |esos |su )*(?:MENSAJES|informacion|publicidad|promociones)|\bcomo (?:cancelo|paro|quito|detengo|desactivo) (?:los |estos |sus |esos )*MENSAJES|\b(?:que (?:ya )?no|no (?:quiero|deseo|quisiera|necesito) que(?: ya)?) (?:me|nos) llegu\w+ (?:mas |sus |los |estos |esos )*MENSAJES|\bya (?:estuvo|esta)(?: bueno| bien)? (?:con|de) (?:los |sus |estos |tantos )*MENSAJES|\b(?:par(?:a|e|en)le) (?:a|con) (?:los |tus |sus |estos )*MENSAJES/u,
  },
  {
    rule: 'es.no-quiero',
    pattern:
      /\b(?:ya )?no (?:quiero|deseo|quisiera|necesito|acepto|autorizo|queremos|pedi|solicite|doy permiso para|me interesa\w*)(?: (?:que me (?:mand\w+|envi\w+|escrib\w+|texte\w+|contact\w+)|seguir|recibir|recibiendo|tener|mas|sus|estos|esos|los|de|ningun|nada de|tantos|que|texto))* (?:MENSAJES|que me (?:escriban|texteen|contacten|molesten|manden|envien)(?: mas| nada)?$|que me (?:avisen|recuerden|contacten|escriban) (?:mas )?(?:por|con) MENSAJES|nada (?:mas )?de ustedes$|mas$)/u,
  },
  {
    rule: 'es.no-mas-mensajes',
    pattern:
      /\b(?:no mas|ni un(?:o)? mas|basta de|suficiente|ya basta(?: de| con)?|ya no mas|cero)(?: de)?(?: (?:los|estos|sus|esos|tantos))* (?:MENSAJES)\b/u,
  },
  {
    rule: 'es.de-la-lista',
    pattern:
      /\b(?:quit\w{1,9}|borr\w{1,9}|elimin\w{1,9}|sa(?:quen|que|ca|car)\w{0,9}|retir\w{1,9}|remuev\w{1,9}|remover\w{0,9})(?: a)?(?: (?:mi|este|el) (?:numero|nombre|telefono|celular))?(?: (?:de|por favor))*(?: (?:la|su|sus|esta|este|las|los))* ?(?:lista|listas|sistema|base de datos|registros?|MENSAJES)\b|\b(?:borr(?:en|e|ar?)|elimin(?:en|e|ar?)|quit(?:en|e|ar?)|olvid(?:en|e)|remover|remuevan?|sa(?:quen|que|car)) (?:mi|este) (?:numero|telefono|celular)\b/u,
  },
  {
    rule: 'es.en-paz',
    pattern:
      /\b(?:dej(?:en|e|a)me (?:en paz|tranquil[oa])|no (?:me )?(?:molesten|moleste|molestes)(?: mas)?|ya no (?:molesten|moleste))\b(?!.*\b(?:dolor|tos|rodilla|espalda|cabeza)\b)/u,
  },
  {
    rule: 'es.revoco',
    pattern:
      /\b(?:revoco|retiro|quito|cancelo|anulo)(?: mi| el)* (?:consentimiento|permiso|autorizacion)\b(?!.*\b(?:cirugia|operacion|estudio)\b)/u,
  },
].map(({ pattern, ...rule }) => ({
  ...rule,
  pattern: new RegExp(pattern.source.replaceAll('MENSAJES', MENSAJES), 'u'),
})) as readonly Rule[];

/** A text that is nothing but this, once courtesies are off. Misspelt keywords among them. */
const BARE =
  /^(?:stop|stopp|sotp|stpo|stp|spot it|s t o p|stop it|stop all|stopall|stop this|stop these|stop those|stop that|text stop|i text stop|stop now|stop already|stop stop(?: stop)*|just stop|stop i said|i said stop|full stop now|all stop|stop thank you|stop mensajes|unsubscribe|unsub|unsuscribe|unsubcribe|unsubscibe|un subscribe|optout|opt out|opt me out|opting out|i opt out|quit|quit it|end|end this|cancel|cancel all|cancel this service|cancel these|revoke|remove|no more|no more of this|no mas|ya no mas|enough|thats enough|enough already|leave me alone|go away|exit|cease|desist|cease and desist|not me|do not text|dont text|dont text me|no texts|no texting|no text|no messages|no sms|alto|alto ya|pare|paren|pare ya|paren ya|parale|parar|para|para ya|basta|basta ya|ya basta|baja|de baja|detener|detengase|detenganse|detente|cancelar|cancele|cancelen|cancelar todo|terminar|revocar|salir|ya no|no mas por favor|no mensajes|no textos|sin mensajes|ya estuvo|cancelen esto|cancele esto|paren esto|pare esto|ni uno mas)$/u;
const COURTESY =
  /^(?:(?:please|pls|plz|pleas|hi|hello|hey|ok|okay|thanks|thank you|thx|ty|yes|no|sorry|sir|maam|mam|guys|you guys|i want to|i want you to|i would like to|id like to|im going to|i wish to|i need you to|just|can you|could you|would you|por favor|porfavor|porfa|hola|gracias|ok ya|oigan|oiga|buenas|buenos dias|buenas tardes|quiero|favor de|si) )+|(?: (?:please|pls|plz|pleas|thanks|thank you|thx|ty|now|immediately|right now|asap|ok|okay|already|today|sir|maam|everything|por favor|porfavor|porfa|gracias|ya|ahora|ahora mismo|inmediatamente|de una vez))+$/gu;
const MAX_LENGTH = 1600;

interface Sentence {
  readonly words: string;
  readonly isQuestion: boolean;
  readonly clauses: readonly string[];
}

/** Where one thing ends and another begins inside a sentence. */
const CLAUSE_ENDS = /[,:()–—]| - | (?:and|but|so|because|cause|cuz|y|pero|porque|pues|asi que) /iu;

/** Whether a text takes consent back in free words, in either language; null: it is a message. Whole-text keywords are `OPT_OUT_WORDS`. */
export function findRevocation(whole: string): Revocation | null {
  // Longer than any text that a carrier joins: nothing is looked for beyond.
  const text = whole.slice(0, MAX_LENGTH);
  const folded = foldWords(text);
  // One who asks does not say; unless they ask for the texts to end ("can you stop texting me?").
  const statement = folded.replace(/ \?/gu, '').trim();
  const bare = withoutCourtesy(statement);
  if (!folded.includes('?') && (BARE.test(statement) || BARE.test(bare)))
    return { rule: 'bare', wrongNumber: false };
  const sentences = sentencesOf(text);
  // What stands at the end of one sentence is not what the next is about.
  const alone = sentences.flatMap(({ words, isQuestion }) => (isQuestion ? [] : [withoutCourtesy(words)]));
  if (sentences.length > 1 && alone.some((words) => STRONG_ALONE.test(words)))
    return { rule: 'bare', wrongNumber: false };
  const isAsked = sentences.at(-1)?.isQuestion === true;
  const lastClause = withoutCourtesy(foldWords(text.split(',').at(-1) ?? ''));
  if (!isAsked && (STRONG_ALONE.test(lastClause) || LAST_TIME.test(statement)))
    return { rule: 'bare', wrongNumber: false };
  const parts = sentences.flatMap(({ words, clauses }) =>
    isMeant(words) ? [words] : clauses.filter(isMeant),
  );
  // Where all of it is meant, it is read as a whole as well: what a rule excludes may stand in the sentence after.
  const wholes = sentences.every(({ words }) => isMeant(words)) ? [statement, bare] : [];
  for (const { rule, pattern, wrongNumber } of RULES) {
    if ([...wholes, ...parts.map(withoutCourtesy)].some((part) => pattern.test(part)))
      return { rule, wrongNumber: wrongNumber ?? false };
  }
  return null;
}

function isMeant(words: string): boolean {
  return !NOT_MEANT.some((pattern) => pattern.test(words));
}

function withoutCourtesy(words: string): string {
  return words.replace(COURTESY, '').trim();
}

function sentencesOf(text: string): readonly Sentence[] {
  return [...text.matchAll(/[^.!?;\n]+[.!?;\n]*/gu)]
    .map(([part]) => ({
      words: wordsOf(part),
      isQuestion: part.includes('?'),
      clauses: part.split(CLAUSE_ENDS).map(wordsOf),
    }))
    .filter(({ words }) => words !== '');
}

function wordsOf(part: string): string {
  return foldWords(part).replace(/ ?\?/gu, '').trim();
}

const LAST_TIME =
  /^(?:for the (?:last|\w+th) time|i (?:already )?(?:said|told you(?: to)?|asked you to)) stop$/u;
/** A whole sentence among others that can mean nothing else. */
const STRONG_ALONE =
  /^(?:stop|stop it|unsubscribe|opt out|no more|leave me alone|(?:ya )?(?:basta|alto|paren|parenle|parele))$/u;
