// A modality made of dcmjs-dimse: creates and sets a performed step, asks for storage commitment and listens for the report.
// Arguments: folder of node_modules, port of the box, instance UID to ask for; LISTEN: port for the report. What it hears is
// one JSON object a line on stdout; the toolkit logs there too.
const [folder, port, instance] = process.argv.slice(2);
const dimse = require(require('path').join(folder, 'dcmjs-dimse'));
const { Client, Dataset, Scp, Server } = dimse;
const { NCreateRequest, NSetRequest, NActionRequest } = dimse.requests;
const { NEventReportResponse } = dimse.responses;
const { PresentationContextResult, SopClass, Status, TransferSyntax } = dimse.constants;

const STEP = '1.2.840.10008.3.1.2.3.3';
const COMMIT = '1.2.840.10008.1.20.1';
const say = (what) => console.log(JSON.stringify(what));

class Listener extends Scp {
  associationRequested(asked) {
    asked.getPresentationContexts().forEach((c) => {
      asked.getPresentationContext(c.id).setResult(PresentationContextResult.Accept, TransferSyntax.ImplicitVRLittleEndian);
    });
    this.sendAssociationAccept();
  }

  nEventReportRequest(request, callback) {
    const data = request.getDataset().getElements();
    const held = [].concat(data.ReferencedSOPSequence || []).length;
    const failed = [].concat(data.FailedSOPSequence || []).length;
    const response = NEventReportResponse.fromRequest(request);
    response.setStatus(Status.Success);
    callback(response);
    say({ report: request.getEventTypeId(), transaction: data.TransactionUID, held, failed });
    setTimeout(() => process.exit(0), 200);
  }

  associationReleaseRequested() {
    this.sendAssociationReleaseResponse();
  }
}

function ask(name, request, next) {
  const client = new Client();
  request.on('response', (response) => say({ [name]: response.getStatus() }));
  client.addRequest(request);
  client.on('networkError', (e) => say({ error: String(e) }));
  client.on('closed', next);
  client.send('127.0.0.1', Number(port), 'DX1', 'WASLA');
}

function step(make, status) {
  const request = make();
  const elements = { PerformedProcedureStepStatus: status, _vrMap: {} };
  if (status === 'IN PROGRESS') {
    Object.assign(elements, {
      PatientName: 'Essai^Un',
      PatientID: 'SECRET-7',
      Modality: 'DX',
      PerformedProcedureStepID: 'PPS-1',
      PerformedStationAETitle: 'DX1',
      PerformedProcedureStepStartDate: '20260616',
      PerformedProcedureStepStartTime: '101500',
      ScheduledStepAttributesSequence: [{ StudyInstanceUID: '1.9', AccessionNumber: 'A77' }],
      PerformedSeriesSequence: [],
    });
  } else {
    Object.assign(elements, {
      PerformedProcedureStepEndDate: '20260616',
      PerformedProcedureStepEndTime: '102000',
      PerformedSeriesSequence: [
        {
          SeriesInstanceUID: '1.9.1',
          ProtocolName: 'THORAX',
          ReferencedImageSequence: [{ ReferencedSOPClassUID: '1.2.840.10008.5.1.4.1.1.2', ReferencedSOPInstanceUID: instance }],
        },
      ],
    });
  }
  request.setDataset(new Dataset(elements));
  return request;
}

const create = () => new NCreateRequest(STEP, '1.2.826.9.1');
const set = () => new NSetRequest(STEP, '1.2.826.9.1');

const server = new Server(Listener);
server.on('networkError', () => {});
const listen = Number(process.env.LISTEN);
server.listen(listen);
ask('create', step(create, 'IN PROGRESS'), () =>
  ask('create-again', step(create, 'IN PROGRESS'), () =>
    ask('set', step(set, 'COMPLETED'), () =>
      ask('set-late', step(set, 'DISCONTINUED'), () => {
        const action = new NActionRequest(COMMIT, '1.2.840.10008.1.20.1.1', 1);
        action.setDataset(
          new Dataset({
            TransactionUID: '1.2.826.9.7',
            ReferencedSOPSequence: [
              { ReferencedSOPClassUID: '1.2.840.10008.5.1.4.1.1.2', ReferencedSOPInstanceUID: instance },
              { ReferencedSOPClassUID: '1.2.840.10008.5.1.4.1.1.2', ReferencedSOPInstanceUID: '1.2.826.9.99' },
            ],
          })
        );
        ask('action', action, () => {});
      })
    )
  )
);
